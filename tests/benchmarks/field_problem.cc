#include "field_problem.h"

#include "timing.h"

#include <deal.II/base/mpi.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <unistd.h>

namespace nidus::benchmark
{
namespace
{
/// A cube of hexahedra whose inner corners are moved off their places, as a Gmsh file (format 2.2).
std::string write_mapped_mesh(const unsigned int cells)
{
  const std::string name =
      std::filesystem::temp_directory_path() / ("nidus_benchmark_" + std::to_string(getpid()) + ".msh");
  std::ofstream file(name);
  const unsigned int n = cells + 1;
  file << "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n" << n * n * n << '\n';
  const auto number = [&](const unsigned int i, const unsigned int j, const unsigned int k) {
    return (k * n + j) * n + i + 1;
  };
  const double wave = 2.0 * dealii::numbers::PI / cells;
  for (unsigned int k = 0; k < n; ++k)
    for (unsigned int j = 0; j < n; ++j)
      for (unsigned int i = 0; i < n; ++i)
      {
        const double shift = 0.03 * cells * std::sin(wave * i) * std::sin(wave * j) * std::sin(wave * k);
        file << number(i, j, k) << ' ' << edge * (i + shift) << ' ' << edge * (j - shift) << ' ' << edge * (k + shift)
             << '\n';
      }
  file << "$EndNodes\n$Elements\n" << cells * cells * cells << '\n';
  unsigned int cell = 0;
  for (unsigned int k = 0; k < cells; ++k)
    for (unsigned int j = 0; j < cells; ++j)
      for (unsigned int i = 0; i < cells; ++i)
      {
        file << ++cell << " 5 2 1 1";
        for (const unsigned int above : {0u, 1u})
          file << ' ' << number(i, j, k + above) << ' ' << number(i + 1, j, k + above) << ' '
               << number(i + 1, j + 1, k + above) << ' ' << number(i, j + 1, k + above);
        file << '\n';
      }
  file << "$EndElements\n";
  return name;
}

/// The same draw for a place whatever the partition.
unsigned int draw(const dealii::Point<3> &place, const unsigned int salt)
{
  std::uint64_t hash = salt;
  for (int d = 0; d < 3; ++d)
    hash = (hash ^ static_cast<std::uint64_t>(std::llround(place[d] * 16.0))) * 0x9e3779b97f4a7c15u;
  return static_cast<unsigned int>(hash >> 40);
}
} // namespace

FieldProblem::FieldProblem(const ProblemChoice &wanted) : choice(wanted)
{
  RegionParameters tissue;
  tissue.name = "parenchyma";
  tissue.interstitial_fraction = 1.0;
  organ_parameters.regions = {tissue};
  std::vector<std::string> regions = {"parenchyma"};
  const double side = edge * choice.cells;
  std::string mesh_file;
  if (choice.mesh == "mapped")
  {
    // The coarse mesh is the file; its octree below gives the levels.
    unsigned int refinements = 0;
    while (choice.cells % (2u << refinements) == 0 && choice.cells >> refinements > 8)
      ++refinements;
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
      mesh_file = write_mapped_mesh(choice.cells >> refinements);
    mesh_file = dealii::Utilities::MPI::broadcast(MPI_COMM_WORLD, mesh_file);
    organ_parameters.shape = "mesh file";
    organ_parameters.mesh_file.file = mesh_file;
    organ_parameters.mesh_file.length_unit = "um";
    organ_parameters.mesh_file.scale = 1u << refinements;
    organ_parameters.mesh_file.regions = {{"parenchyma", 1}};
    organ_parameters.refinements = refinements;
  }
  else
  {
    organ_parameters.block.size = {side, side, side};
    organ_parameters.cell_size = edge;
    while (choice.cells % (2u << organ_parameters.refinements) == 0 && choice.cells >> organ_parameters.refinements > 2)
      ++organ_parameters.refinements;
    if (choice.contrast != 1.0)
    {
      RegionParameters core = tissue;
      core.name = "airway";
      organ_parameters.regions.push_back(core);
      regions.emplace_back("airway");
      organ_parameters.block.lumen_radius = 0.2 * side;
    }
    if (choice.mesh == "refined")
      organ_parameters.balls.push_back({{side / 2, side / 2, side / 2}, 0.25 * side, 1, "the middle"});
  }
  for (unsigned int s = 0; s < choice.n_fields; ++s)
  {
    FieldParameters field;
    field.name = "f" + std::to_string(s);
    const double diffusivity = largest_diffusivity / (1u << s % 4);
    field.diffusivity = "parenchyma: " + std::to_string(diffusivity);
    if (regions.size() > 1)
      field.diffusivity += ", airway: " + std::to_string(diffusivity / choice.contrast);
    field.decay_rate = decay;
    field_parameters.fields.push_back(field);
  }
  field_parameters.solver.gauss_share = choice.gauss_share;
  field_parameters.resolve(regions, {});

  const double start = now();
  organ = std::make_unique<Organ<3>>(MPI_COMM_WORLD, organ_parameters);
  const double meshed = now();
  fields = std::make_unique<FieldSet<3>>(*organ, field_parameters);
  const double numbered = now();
  system = std::make_unique<MultigridSystem<3>>(*fields);
  seconds_mesh = meshed - start;
  seconds_fields = numbered - meshed;
  seconds_system = now() - numbered;
  if (!mesh_file.empty() && dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
    std::remove(mesh_file.c_str());
  c = system->create_vector();
  b = system->create_vector();
  x = system->create_vector();
  set_step(choice.step);
}

FieldProblem::~FieldProblem()
{
  for (Vec *vector : {&c, &b, &x})
    VecDestroy(vector);
}

void FieldProblem::set_step(const double step)
{
  choice.step = step;
  const unsigned int lanes = system->lanes();
  double *nodal = nullptr, *source = nullptr;
  VecGetArray(c, &nodal);
  VecGetArray(b, &source);
  std::vector<dealii::types::global_dof_index> dofs(8);
  for (const auto &cell : fields->dof_handler.active_cell_iterators())
    if (!cell->is_artificial())
    {
      cell->get_dof_indices(dofs);
      for (unsigned int v = 0; v < 8; ++v)
        if (fields->owned.is_element(dofs[v]))
        {
          const std::size_t node = fields->owned.index_within_set(dofs[v]);
          const double volume = fields->tissue_volume[node];
          const double uptake = draw(cell->vertex(v), 1) % 100 == 0 ? 0.1 : 0.0;
          for (unsigned int s = 0; s < choice.n_fields; ++s)
          {
            nodal[node * lanes + s] = volume * ((step > 0.0 ? 1.0 / step : 0.0) + decay + uptake);
            source[node * lanes + s] = volume > 0.0 && draw(cell->vertex(v), 2) % 500 == 7 ? 1000.0 : 0.0;
          }
        }
    }
  VecRestoreArray(b, &source);
  VecRestoreArray(c, &nodal);
  const double start = now();
  system->set_diagonal(c);
  seconds_step = now() - start;
}
} // namespace nidus::benchmark
