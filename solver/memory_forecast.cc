#include "memory_forecast.h"

#include "control/input_error.h"
#include "control/memory.h"
#include "fields/lane_kernels.h"
#include "organ/boundaries.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cstdio>

namespace nidus
{
namespace
{
/**
 * Bytes, from the phases that 'nidus check' and run.log tell ("kept" and the growth of the peak), one rank unless said
 * otherwise. Blocks of 2.2e5 and 1e6 cells with 1, 2, 4, 8 mobile and 0, 2, 4 immobile fields gave what
 * goes with fields and lanes; tests/runs/memory.py compares the sums with runs.
 */
namespace measured
{
constexpr double mesh_per_cell_2d = 340.0, mesh_per_cell_3d = 550.0;
/// On each rank, while the mesh is made of coarse cells (2.2e5 of them) and later in the locator.
constexpr double coarse_cell_made = 2000.0, coarse_cell_in_locator = 330.0;
constexpr double rank = 1e7; ///< libraries that are loaded, and PETSc's objects
constexpr double locator_per_cell = 54.0;
constexpr double coupling_per_cell = 4.0, coupling_per_corner = 4.0;
constexpr double node = 101.0; ///< numbering, volumes, constraints
constexpr double level_node = 101.0, level_lane = 26.0, building_node = 340.0;
/// Meshes from files: rows of cells that are no boxes hold their weights (ball.msh with 2.1e6 cells, 2 lanes).
constexpr double mapped_level_node = 385.0, mapped_building_node = 1760.0;
/// BoomerAMG for each mobile field on a mesh without levels (2.3e5 nodes, 1 and 4 fields).
constexpr double algebraic_node = 655.0;
constexpr double step_node = 20.0;
constexpr double output_node = 200.0, output_value = 16.0;
/// 2.2e5 crowded and 1e6 scattered agents (370 and 300 in a step), one and two ranks: resident; in a step; while they
/// are written, gathered on rank 0. Founder and colony have since added 43 bytes to a step (scripts/benchmark agents)
/// and two times 16 to what is gathered.
constexpr double agent = 168.0, agent_in_step = 225.0, agent_in_output = 590.0;
} // namespace measured

/// Vectors of a step, in values per node and field or lane: see "Memory" in the README of the solver.
namespace vectors
{
constexpr double state = 2.0, agent_terms = 3.0, exchange = 1.0, second_stage = 2.0;     // of all fields
constexpr double solver = 2.0, linear_solve = 4.0, newton = 4.0, flexible_krylov = 29.0; // of lanes
} // namespace vectors

constexpr double value = sizeof(double);
constexpr double bytes_per_mb = 1024.0 * 1024.0;

unsigned int n_mobile(const FieldsParameters &fields)
{
  return static_cast<unsigned int>(
      std::count_if(fields.fields.begin(), fields.fields.end(), [](const auto &field) { return field.mobile(); }));
}

bool is_nonlinear(const FieldsParameters &fields)
{
  return std::any_of(fields.reactions.begin(), fields.reactions.end(),
                     [](const auto &reaction) { return !reaction.law->linear; });
}

/// Whether reactions couple mobile fields, directly or through others.
bool couples_mobile_fields(const FieldsParameters &fields)
{
  std::vector<std::size_t> group(fields.fields.size());
  for (std::size_t s = 0; s < group.size(); ++s)
    group[s] = s;
  for (const auto &reaction : fields.reactions)
    for (const int first : reaction.field)
      for (const int second : reaction.field)
        if (first >= 0 && second >= 0)
          std::replace(group.begin(), group.end(), std::size_t(group[second]), std::size_t(group[first]));
  for (std::size_t s = 0; s < group.size(); ++s)
    for (std::size_t t = 0; t < s; ++t)
      if (group[s] == group[t] && fields.fields[s].mobile() && fields.fields[t].mobile())
        return true;
  return false;
}

/// Bytes per node of what a step holds besides the fields themselves.
double step_per_node(const FieldsParameters &fields, const unsigned int lanes)
{
  double vectors_of_lanes = vectors::linear_solve;
  if (is_nonlinear(fields))
    vectors_of_lanes += vectors::newton;
  if (couples_mobile_fields(fields))
    vectors_of_lanes += vectors::flexible_krylov;
  return measured::step_node + value * vectors_of_lanes * lanes;
}
} // namespace

template <int dim>
RunSize run_size(const Organ<dim> &organ, const AgentParameters &agents)
{
  namespace MPI = dealii::Utilities::MPI;
  const auto &mesh = organ.triangulation();
  std::vector<bool> mine(mesh.n_vertices(), false);
  for (const auto &cell : mesh.active_cell_iterators())
    if (cell->is_locally_owned())
      for (const unsigned int v : cell->vertex_indices())
        mine[cell->vertex_index(v)] = true;
  const auto nodes = static_cast<double>(std::count(mine.begin(), mine.end(), true));

  RunSize size;
  size.dim = dim;
  size.ranks = MPI::n_mpi_processes(organ.communicator());
  size.cells = static_cast<double>(mesh.n_global_active_cells());
  size.coarse_cells = static_cast<double>(mesh.n_cells(0));
  size.levels = mesh.n_global_levels() > 1;
  size.tissue_cells = static_cast<double>(organ.n_tissue_cells());
  size.nodes = MPI::sum(nodes, organ.communicator());
  double lining = 0.0; // um^(dim-1)
  for (const auto &region : organ.regions())
    if (!region.tissue && region.name != "outside" && organ.boundaries().index(region.name) >= 0)
      lining += organ.boundaries().areas()[organ.boundaries().index(region.name)];
  for (const auto &type : agents.types)
  {
    for (std::size_t r = 0; r < organ.regions().size(); ++r)
    {
      const auto density = type.initial_density.find(organ.regions()[r].name);
      if (density != type.initial_density.end() && organ.regions()[r].tissue)
        size.agents += density->second * organ.region_volumes()[r];
    }
    size.agents += std::min(type.lining_distance * lining, organ.tissue_volume()) * type.initial_lining_density;
    size.agents += static_cast<double>(type.placed.size());
  }
  return size;
}

double MemoryForecast::peak() const
{
  return std::max({set_up, steps, output});
}

std::string MemoryForecast::text(const double available) const
{
  char line[300];
  std::snprintf(line, sizeof line,
                "memory of all ranks, predicted: %.0f MB in steps (program and mesh %.0f, fields %.0f, agents %.0f), "
                "%.0f MB while levels are made, %.0f MB while output is written; available %.0f MB",
                steps / bytes_per_mb, mesh / bytes_per_mb, fields / bytes_per_mb, agents / bytes_per_mb,
                set_up / bytes_per_mb, output / bytes_per_mb, available / bytes_per_mb);
  return line;
}

MemoryForecast forecast_memory(const RunSize &size, const Parameters &parameters, const double resident)
{
  const FieldsParameters &fields = parameters.fields;
  const auto n_fields = static_cast<double>(fields.fields.size());
  const unsigned int lanes = n_mobile(fields) > 0 ? lanes_for(std::min(n_mobile(fields), largest_lanes)) : 0;
  const bool mapped = parameters.organ.shape == "mesh file";

  double vectors_of_fields = vectors::state;
  if (!parameters.agents.types.empty())
    vectors_of_fields += vectors::agent_terms;
  if (parameters.vessels.any())
    vectors_of_fields += vectors::exchange;
  if (fields.solver.second_order())
    vectors_of_fields += vectors::second_stage;
  const double level_node = mapped ? measured::mapped_level_node : measured::level_node;
  const double building = mapped ? measured::mapped_building_node : measured::building_node;
  const double on_each_rank = measured::rank + measured::coarse_cell_in_locator * size.coarse_cells;
  const double before_levels = on_each_rank * size.ranks + measured::locator_per_cell * size.tissue_cells +
                               size.nodes * (measured::node + value * (vectors_of_fields - 1.0) * n_fields);
  const double coupling =
      (measured::coupling_per_cell + measured::coupling_per_corner * (1u << size.dim)) * size.tissue_cells;

  MemoryForecast forecast;
  forecast.mesh = resident;
  forecast.fields = before_levels + coupling + size.nodes * value * n_fields;
  forecast.agents = (measured::agent + measured::agent_in_step) * size.agents;
  forecast.set_up = resident + before_levels;
  if (lanes > 0)
  {
    forecast.set_up += building * size.nodes;
    forecast.fields += size.nodes * (level_node + (measured::level_lane + value * vectors::solver) * lanes +
                                     step_per_node(fields, lanes));
  }
  if (!size.levels)
    forecast.fields += size.nodes * measured::algebraic_node * n_mobile(fields);
  forecast.steps = forecast.mesh + forecast.fields + forecast.agents;
  forecast.output = forecast.mesh + forecast.fields +
                    size.nodes * (measured::output_node + measured::output_value * n_fields) +
                    (measured::agent + measured::agent_in_output) * size.agents;
  return forecast;
}

std::string judge_memory(const Parameters &parameters, const std::string &what, const double needed,
                         const double available)
{
  if (needed <= available)
    return "";
  char fault[200];
  std::snprintf(fault, sizeof fault,
                "%s needs about %.0f MB of memory on all ranks together, but %.0f MB are available", what.c_str(),
                needed / bytes_per_mb, available / bytes_per_mb);
  if (parameters.run.memory_check == "warn")
    return fault;
  throw InputError(fault, "make cells larger (Organ/Cell size, or fewer Organ/Wall refinements), leave out fields or "
                          "agents, use more or larger machines, or set Run/Memory check = warn to try it");
}

template <int dim>
void announce_mesh(MPI_Comm communicator, const Parameters &parameters, const double cells, const double coarse_cells)
{
  const double resident = dealii::Utilities::MPI::sum(memory_use().resident, communicator);
  const double per_cell = dim == 2 ? measured::mesh_per_cell_2d : measured::mesh_per_cell_3d;
  const double made = measured::coarse_cell_made * coarse_cells * dealii::Utilities::MPI::n_mpi_processes(communicator);
  judge_memory(parameters, "the mesh alone", resident + std::max(per_cell * cells, made),
               available_memory(communicator));
}

template void announce_mesh<2>(MPI_Comm, const Parameters &, double, double);
template void announce_mesh<3>(MPI_Comm, const Parameters &, double, double);
template RunSize run_size<2>(const Organ<2> &, const AgentParameters &);
template RunSize run_size<3>(const Organ<3> &, const AgentParameters &);
} // namespace nidus
