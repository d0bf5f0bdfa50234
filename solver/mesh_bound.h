#pragma once

#include "agents/agent_migration.h"
#include "agents/agent_population.h"
#include "coupling/arrivals.h"
#include "coupling/cell_nodes.h"
#include "coupling/deposition.h"
#include "coupling/sampling.h"
#include "coupling/vessel_walls.h"
#include "fields/bounds_watch.h"
#include "fields/field_integrator.h"
#include "fields/field_set.h"
#include "fields/source_terms.h"
#include "organ/cell_locator.h"
#include "organ/organ.h"
#include "parameters.h"
#include "setup_meter.h"

#include <functional>
#include <memory>

namespace nidus
{
/**
 * All that stands on one state of the mesh of an organ, its cells and their partition: it lives as long as they do.
 *
 * All functions are collective.
 */
template <int dim>
struct MeshBound
{
  /// With initial values in the fields, and resolved @p vessels if there are any; @p begins is told the phases. Throws
  /// InputError; @p organ and @p parameters are referred to.
  MeshBound(const Organ<dim> &organ, const Parameters &parameters,
            const std::shared_ptr<const VesselSystem> &vessels = nullptr, const SetupMeter::Begins &begins = {});

  /**
   * Lets @p change change the mesh of @p organ, and returns what stands on it then: the fields and the step of their
   * solver are taken over, and every agent is brought to the rank that has its place. What @p before has noticed of
   * the bounds of fields must have been taken.
   */
  static std::unique_ptr<MeshBound> after(const std::function<void()> &change, Organ<dim> &organ,
                                          const Parameters &parameters, std::unique_ptr<MeshBound> before,
                                          AgentPopulation<dim> &population);

  SetupMeter set_up; ///< of what follows
  CellLocator<dim> locator;
  FieldSet<dim> fields;
  BoundsWatch<dim> bounds;
  SourceTerms<dim> sources;
  FieldIntegrator<dim> field_solver;
  AgentMigration<dim> migration;
  CellNodes<dim> cell_nodes;
  std::shared_ptr<const VesselSystem> vessels; ///< null: none
  VesselWalls<dim> walls;
  Sampling<dim> sampling;
  Deposition<dim> deposition;
  Arrivals<dim> arrivals;
};
} // namespace nidus
