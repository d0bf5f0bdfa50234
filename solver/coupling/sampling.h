#pragma once

#include "agents/agent_parameters.h"
#include "agents/senses.h"
#include "coupling/nodal_gradients.h"

namespace nidus
{
/// Fields -> agents: interpolates all fields, and gradients of those that agents follow, at the agents.
template <int dim>
class Sampling : public Senses<dim>
{
public:
  /// All arguments are referred to.
  Sampling(const FieldSet<dim> &fields, const CellLocator<dim> &locator, const CellNodes<dim> &nodes,
           const AgentParameters &parameters);

  /// Call when the fields have changed and their ghosts are fresh; @p levels of blood factors, nM.
  void fields_changed(std::vector<double> levels);

  void look(const AgentPopulation<dim> &population, std::size_t begin, std::size_t end, Question question,
            Surroundings<dim> &surroundings) const override;

  /// Reads values of all fields at one place after the other, as long as the fields are not changed.
  class Reader
  {
  public:
    explicit Reader(const Sampling &sampling) : Reader(sampling, sampling.fields.state) {}
    /// Of fields in a vector that is laid out like their state and has fresh ghosts.
    Reader(const Sampling &sampling, Vec state);
    ~Reader();
    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;

    unsigned int n_fields() const { return n; }
    /// The state's local form: owned nodes, then ghosts.
    const double *state() const { return values; }
    /// Into @p target, which has room for all fields; in an owned or ghost cell.
    void at(std::uint32_t cell, const dealii::Point<dim> &reference, double *target) const;

  private:
    const CellNodes<dim> &nodes;
    unsigned int n;
    Vec vector, form = nullptr;
    const double *values = nullptr;
  };

  /// All fields of such a vector at the agents: field s of agent i becomes values[i * n_fields + s].
  void sample_values(Vec state, const AgentPopulation<dim> &population, std::vector<double> &values) const;

private:
  /// What the vertices of one cell know, side by side for each vertex: values of all fields, gradients of the followed
  /// ones, filled up to interpolation_width().
  struct Corners
  {
    std::size_t width = 0;
    std::vector<double> table;            ///< [vertex * width + entry]
    std::vector<double> weights, results; ///< of some agents in the cell
  };

  void look_around(const AgentPopulation<dim> &population, std::size_t begin, std::size_t end, const double *state,
                   Surroundings<dim> &surroundings) const;
  void learn_corners(std::uint32_t cell, const double *state, Corners &corners) const;

  const FieldSet<dim> &fields;
  const CellNodes<dim> &nodes;
  const AgentParameters &parameters;
  std::vector<double> blood;
  mutable NodalGradients<dim> nodal_gradients; ///< computed where it is asked for
};
} // namespace nidus
