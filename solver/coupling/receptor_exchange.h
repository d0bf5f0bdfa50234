#pragma once

#include "agents/agent_population.h"
#include "agents/agent_rules.h"
#include "agents/senses.h"

#include <vector>

namespace nidus
{
/**
 * Ligand between fields and full receptors (agents/receptor_kinetics) in one field step.
 *
 * Before the step the ligand that receptors would take in it, as a function of the concentration, is replaced by the
 * straight line through its values at zero and at the present concentration: an uptake coefficient of the new field and
 * a release, both positive, so that the fields stay positive. After the step, each agent's receptors go the exact way
 * on which they take what the field has lost there, so that no molecule is lost or doubled, whatever the scheme of the
 * fields; in a steady state the line is exact.
 */
template <int dim>
class ReceptorExchange
{
public:
  explicit ReceptorExchange(const AgentParameters &parameters);

  /// Whether any receptor is full; otherwise nothing needs to be called.
  bool any() const { return width > 0; }

  /// What a receptor of an agent does to its field.
  struct Law
  {
    double uptake = 0.0;  ///< times the concentration, molecules/(min nM)
    double release = 0.0; ///< molecules/min
  };

  /// Starts the receptors of agents that have none yet, and finds the laws of a field step of @p length min.
  void prepare(const AgentRules &rules, const Surroundings<dim> &surroundings, double length,
               AgentPopulation<dim> &population);

  /// @p slot: the number of the full receptor in its type.
  const Law &law(const std::size_t agent, const int slot) const { return laws[agent * width + slot]; }

  /// Of a field, on this rank, molecules.
  struct Taken
  {
    double bound = 0.0;        ///< change of the bound ligand, the surplus included
    double internalised = 0.0; ///< lost in cells
  };

  /**
   * Advances all full receptors. @p mean: field s of agent i, averaged over the step as the ledger weighs it, is
   * mean[i * n_fields + s]. Returns what happened to the ligand of each field.
   */
  std::vector<Taken> finish(const AgentRules &rules, const std::vector<double> &mean, unsigned int n_fields,
                            double length, AgentPopulation<dim> &population) const;

private:
  unsigned int width; ///< full receptors of the type that has most
  std::vector<Law> laws;
};
} // namespace nidus
