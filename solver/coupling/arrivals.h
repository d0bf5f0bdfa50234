#pragma once

#include "agents/agent_event.h"
#include "agents/agent_rules.h"
#include "agents/lineage.h"
#include "coupling/arrest_modifiers.h"
#include "coupling/bolus.h"
#include "coupling/sampling.h"
#include "coupling/vessel_sites.h"
#include "organ/organ.h"
#include "systemic/blood_parameters.h"

#include <array>
#include <vector>

namespace nidus
{
/// What came with the blood in a macro step, on this rank.
template <int dim>
struct Arrived
{
  std::vector<AgentEvent> events;
  std::vector<double> arrested; ///< by population: cells, or clusters
  std::vector<double> agents;   ///< by population
  /// Agents of clusters, by their places in the population, and where they belong, um from where they are: they are to
  /// be moved there where that is tissue.
  std::vector<std::pair<std::size_t, dealii::Tensor<1, dim>>> apart;

  Arrived &operator+=(const Arrived &other);
};

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
 *
 * Cells of a cluster arrive at one place; each but the first touches one that is there already.
 *
 * A bolus is no Poisson process: each of its cells is asked by itself whether it meets this organ first, where (a
 * place in proportion to the flow of blood), and whether it arrests there.
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

  /// Whether any population is one of clusters.
  bool any_clusters() const;

  /// Appends the arrivals of a macro step on this rank; @p concentration of each population in cells (or clusters)
  /// per mL.
  Arrived<dim> arrive(const AgentRules &rules, const std::vector<double> &concentration, const DecisionStep &step,
                      AgentPopulation<dim> &population, const ArrestModifiers &modifiers = {}) const;

  /// Appends those cells of @p bolus that arrest in their first passage, on this rank. Collective.
  Arrived<dim> inject(const AgentRules &rules, const Bolus &bolus, const DecisionStep &step,
                      AgentPopulation<dim> &population, const ArrestModifiers &modifiers = {}) const;

private:
  struct Source
  {
    double basal = 0.0;                                        ///< arrest probability
    double greatest = 0.0;                                     ///< at full strength of all signals, at most 1
    std::vector<std::pair<int, double>> weights;               ///< signal, probability
    std::vector<std::pair<std::pair<int, int>, double>> kinds; ///< (type, state), cumulative fraction
    unsigned int cells_per_cluster = 1;
    bool in_vessels = false;
    typename VesselSites<dim>::Trapping trapping = {1.0, 0.0, 1.0};
  };
  struct Step; ///< what all arrivals of a macro step share

  Source resolve(const CirculatingParameters &population, const AgentParameters &agents) const;
  void check_vessels(const CirculatingParameters &population, const Source &source) const;
  /// One that may arrest at a place of this rank.
  struct Candidate
  {
    std::size_t source;
    std::uint64_t site;        ///< keys of agents are made of it and of the number
    std::uint64_t key, number; ///< of its draws, and among those of the site
    dealii::Point<dim> position;
    typename CellLocator<dim>::Place place;
  };

  void arrive_in_tissue(std::size_t source, Step &step) const;
  void arrive_in_vessels(std::size_t source, Step &step) const;
  void inject_in_tissue(const Bolus &bolus, const std::vector<std::uint64_t> &keys, Step &step) const;
  void inject_in_vessels(const Bolus &bolus, const std::vector<std::uint64_t> &keys, Step &step) const;
  double flow_at(const typename CellLocator<dim>::Place &place) const;
  double tissue_flow() const;
  dealii::Point<dim> in_box(const std::array<double, 4> &u) const;
  /// Lets it arrest when its keyed number times @p greatest is below @p ratio times the probability at its place.
  void admit(const Candidate &candidate, double greatest, double ratio, Step &step) const;
  void append(const Candidate &candidate, double kind_draw, Step &step) const;
  double greatest(std::size_t source, const ArrestModifiers &modifiers) const;
  double probability(std::size_t source, const Step &step) const;

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
