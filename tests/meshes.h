#pragma once

#include "field_world.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

/// Meshes on which verification is repeated: locally refined boxes and cells that are no boxes.
namespace nidus::test
{
/// Where a point of the box [0, side]^dim goes in a wavy mesh; its walls stay planes, and its middle stays in place.
template <int dim>
dealii::Point<dim> wavy(const dealii::Point<dim> &place, const double side, const double amplitude)
{
  auto moved = place;
  for (int d = 0; d < dim; ++d)
    moved[d] += amplitude * std::sin(M_PI * place[d] / side) * std::sin(2.0 * M_PI * place[(d + 1) % dim] / side);
  return moved;
}

/// A file of Gmsh in the folder for temporary files, with cells bent by wavy(); all ranks share it. Collective.
template <int dim>
class WavyMesh
{
public:
  /// @p n cells along each edge; cells beyond @p border (um) along x belong to the physical volume 2, others to 1.
  WavyMesh(const unsigned int n, const double side, const double amplitude, const double border = 1e300)
      : n_regions(border < side ? 2 : 1)
  {
    int process = static_cast<int>(getpid());
    MPI_Bcast(&process, 1, MPI_INT, 0, MPI_COMM_WORLD);
    name = std::filesystem::temp_directory_path() / ("nidus_wavy_" + std::to_string(process) + ".msh");
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
      write(n, side, amplitude, border);
    MPI_Barrier(MPI_COMM_WORLD);
  }
  ~WavyMesh()
  {
    MPI_Barrier(MPI_COMM_WORLD);
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
      std::remove(name.c_str());
  }
  WavyMesh(const WavyMesh &) = delete;
  WavyMesh &operator=(const WavyMesh &) = delete;

  /// One region "parenchyma", and "stroma" beyond the border when there is one.
  OrganParameters organ(const unsigned int refinements, const double fraction = 1.0) const
  {
    OrganParameters parameters;
    parameters.shape = "mesh file";
    parameters.refinements = refinements;
    parameters.mesh_file.file = name;
    const char *regions[] = {"parenchyma", "stroma"};
    for (unsigned int r = 0; r < n_regions; ++r)
    {
      parameters.regions.push_back(region(regions[r], true, fraction));
      parameters.mesh_file.regions[regions[r]] = r + 1.0;
    }
    return parameters;
  }

private:
  void write(const unsigned int n, const double side, const double amplitude, const double border) const
  {
    const unsigned int layers = dim == 3 ? n : 0;
    const auto node = [&](const unsigned int i, const unsigned int j, const unsigned int k) {
      return 1 + i + (n + 1) * (j + (n + 1) * k);
    };
    std::ofstream out(name);
    out.precision(17);
    out << "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n" << (n + 1) * (n + 1) * (layers + 1) << "\n";
    for (unsigned int k = 0; k <= layers; ++k)
      for (unsigned int j = 0; j <= n; ++j)
        for (unsigned int i = 0; i <= n; ++i)
        {
          const double x[3] = {side * i / n, side * j / n, side * k / n};
          dealii::Point<dim> place;
          std::copy_n(x, dim, &place[0]);
          place = wavy(place, side, amplitude);
          out << node(i, j, k) << " " << place[0] << " " << place[1] << " " << (dim == 3 ? place[dim - 1] : 0.0)
              << "\n";
        }
    out << "$EndNodes\n$Elements\n" << n * n * std::max(layers, 1u) << "\n";
    unsigned int number = 0;
    for (unsigned int k = 0; k < std::max(layers, 1u); ++k)
      for (unsigned int j = 0; j < n; ++j)
        for (unsigned int i = 0; i < n; ++i)
        {
          const unsigned int region = side * (i + 0.5) / n > border ? 2 : 1;
          out << ++number << (dim == 3 ? " 5 2 " : " 3 2 ") << region << " 1";
          for (unsigned int layer = k; layer <= (dim == 3 ? k + 1 : k); ++layer)
            out << " " << node(i, j, layer) << " " << node(i + 1, j, layer) << " " << node(i + 1, j + 1, layer) << " "
                << node(i, j + 1, layer);
          out << "\n";
        }
    out << "$EndElements\n";
  }

  std::string name;
  unsigned int n_regions;
};
} // namespace nidus::test
