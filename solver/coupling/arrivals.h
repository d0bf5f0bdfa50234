#pragma once

#include "agents/agent_event.h"
#include "agents/agent_rules.h"
#include "agents/lineage.h"
#include "coupling/sampling.h"
#include "coupling/vessel_sites.h"
#include "organ/organ.h"
#include "systemic/blood_parameters.h"

#include <vector>

namespace nidus
{
/**
 * Blood -> organ: circulating cells arrest in the capillaries of the tissue.
 *
 * Arrivals per tissue volume and time = blood flow * concentration * arrest probability, where the probability rises
 * with signals of the place (model 3.2). They are drawn by thinning: every rank draws the same candidates in the box
 * around the organ at the greatest possible rate, and the rank that owns the place keeps one with the ratio of the
 * true rate to it. The story is the same on any number of ranks and does not depend on the mesh.
 *
 * With 'Place = vessels' a segment of a resolved vessel takes blood flow in it * concentration * arrest probability *
 * length / 'Arrest length' * weight of its radius; candidates are thinned in the same way (VesselSites).
 */
template <int dim>
class Arrivals
{
public:
  /// Throws InputError when a population arrives as something that does not exist, needs a signal that only an agent
  /// can receive, arrests in vessels that do not exist, or arrests more often than it passes. All arguments but the
  /// last two are referred to.
  Arrivals(const Organ<dim> &organ, const CellLocator<dim> &locator, const Sampling<dim> &sampling,
           const VesselWalls<dim> &walls, const BloodParameters &blood, const AgentParameters &agents);

  /// The (type, state) in which cells may arrive.
  std::vector<std::pair<int, int>> arriving() const;

  /// Appends the arrivals of a macro step on this rank; @p concentration of each population in cells/mL.
  std::vector<AgentEvent> arrive(const AgentRules &rules, const std::vector<double> &concentration,
                                 const DecisionStep &step, AgentPopulation<dim> &population) const;

private:
  struct Source
  {
    double basal = 0.0;                                        ///< arrest probability
    double greatest = 0.0;                                     ///< at full strength of all signals, at most 1
    std::vector<std::pair<int, double>> weights;               ///< signal, probability
    std::vector<std::pair<std::pair<int, int>, double>> kinds; ///< (type, state), cumulative fraction
    bool in_vessels = false;
    typename VesselSites<dim>::Trapping trapping = {1.0, 0.0, 1.0};
  };
  struct Step; ///< what all arrivals of a macro step share

  Source resolve(const CirculatingParameters &population, const AgentParameters &agents) const;
  void check_vessels(const CirculatingParameters &population, const Source &source) const;
  void arrive_in_tissue(std::size_t source, Step &step) const;
  void arrive_in_vessels(std::size_t source, Step &step) const;
  void admit(std::size_t source, std::uint64_t key, std::uint64_t number, const dealii::Point<dim> &position,
             const typename CellLocator<dim>::Place &place, double ratio, Step &step) const;
  double probability(const Source &source, const AgentRules &rules, const std::vector<double> &values) const;

  const Organ<dim> &organ;
  const CellLocator<dim> &locator;
  const Sampling<dim> &sampling;
  VesselSites<dim> sites;
  std::vector<Source> sources;
  dealii::Point<dim> lower;
  dealii::Tensor<1, dim> extent; ///< of the box around the tissue
  double box_volume = 1.0;
  double greatest_flow = 0.0; ///< 1/min
};
} // namespace nidus
