#pragma once

#include "organ/organ.h"
#include "parameters.h"

#include <string>
#include <vector>

namespace nidus
{
/// What the memory of a run goes with, over all ranks.
struct RunSize
{
  unsigned int dim = 3, ranks = 1;
  double cells = 0.0;        ///< of the mesh, without tissue too
  double coarse_cells = 0.0; ///< on each rank
  bool levels = true;        ///< whether the mesh has coarser ones
  double tissue_cells = 0.0; ///< that agents can be in
  double nodes = 0.0;        ///< those at borders of ranks count for each
  double agents = 0.0;       ///< expected at time zero
};

/// The size of a run on the mesh that @p organ has. Collective.
template <int dim>
RunSize run_size(const Organ<dim> &organ, const AgentParameters &agents);

/// Resident memory of all ranks together, bytes.
struct MemoryForecast
{
  double mesh = 0.0;   ///< the program, the mesh and the vessels; measured where they are there
  double fields = 0.0; ///< with their solver, and what couples agents to them
  double agents = 0.0;
  double set_up = 0.0; ///< peak while levels are made
  double steps = 0.0;  ///< peak in steps
  double output = 0.0; ///< peak while output is written

  double peak() const;

  /// "memory of all ranks, predicted: ..." with @p available bytes.
  std::string text(double available) const;
};

/**
 * What a run of @p size will need in all, when @p resident bytes are used by the program, the mesh and the vessels.
 * Agents that arrive or are born, and a mesh that adapts, come on top of it.
 */
MemoryForecast forecast_memory(const RunSize &size, const Parameters &parameters, double resident);

/// Refuses a mesh of @p cells cells that cannot fit, before @p coarse_cells coarse ones are made on each rank, or
/// before those which are there are refined. Collective.
template <int dim>
void announce_mesh(MPI_Comm communicator, const Parameters &parameters, double cells, double coarse_cells);

/// "" when @p needed bytes are available, or else what a user should know, which is thrown as InputError unless
/// 'Run/Memory check' is 'warn'. @p what needs them: "the run", "the mesh alone".
std::string judge_memory(const Parameters &parameters, const std::string &what, double needed, double available);
} // namespace nidus
