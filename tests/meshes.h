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
    static int count = 0;
    int owner[2] = {static_cast<int>(getpid()), count++};
    MPI_Bcast(owner, 2, MPI_INT, 0, MPI_COMM_WORLD);
    name =
        std::filesystem::temp_directory_path() / ("nidus_wavy_" + std::to_string(dim) + "_" + std::to_string(owner[0]) +
                                                  "_" + std::to_string(owner[1]) + ".msh");
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

  /// One region "parenchyma", and "stroma" beyond the border when there is one; sides are named as those of a block.
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
    for (int d = 0; d < dim; ++d)
      for (const bool upper : {false, true})
        parameters.mesh_file.boundaries[std::string(1, "xyz"[d]) + (upper ? " max" : " min")] = surface(d, upper);
    return parameters;
  }

private:
  /// The physical surface of a side.
  static unsigned int surface(const unsigned int axis, const bool upper) { return 11 + 2 * axis + (upper ? 1 : 0); }

  static unsigned int node(const unsigned int n, const unsigned int i, const unsigned int j, const unsigned int k)
  {
    return 1 + i + (n + 1) * (j + (n + 1) * k);
  }

  void write(const unsigned int n, const double side, const double amplitude, const double border) const
  {
    const unsigned int layers = dim == 3 ? n : 0;
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
          out << node(n, i, j, k) << " " << place[0] << " " << place[1] << " " << (dim == 3 ? place[dim - 1] : 0.0)
              << "\n";
        }
    out << "$EndNodes\n$Elements\n" << (2 * dim + n) * (dim == 2 ? n : n * n) << "\n";
    write_sides(out, n);
    for (unsigned int number = 0; number < n * n * std::max(layers, 1u); ++number)
    {
      const unsigned int i = number % n, j = number / n % n, k = number / n / n;
      const unsigned int region = side * (i + 0.5) / n > border ? 2 : 1;
      out << number + 1 << (dim == 3 ? " 5 2 " : " 3 2 ") << region << " 1";
      for (unsigned int layer = k; layer <= (dim == 3 ? k + 1 : k); ++layer)
        out << " " << node(n, i, j, layer) << " " << node(n, i + 1, j, layer) << " " << node(n, i + 1, j + 1, layer)
            << " " << node(n, i, j + 1, layer);
      out << "\n";
    }
    out << "$EndElements\n";
  }

  static void write_sides(std::ostream &out, const unsigned int n)
  {
    // The corners of a face in turn; in 2-D the first two.
    constexpr unsigned int turn[4][2] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
    for (unsigned int s = 0; s < 2 * dim; ++s)
      for (unsigned int number = 0; number < (dim == 3 ? n * n : n); ++number)
      {
        out << number + 1 << (dim == 3 ? " 3 2 " : " 1 2 ") << surface(s / 2, s % 2 == 1) << " 1";
        for (unsigned int corner = 0; corner < (dim == 3 ? 4u : 2u); ++corner)
        {
          unsigned int at[3] = {0, 0, 0};
          at[s / 2] = s % 2 * n;
          at[(s / 2 + 1) % dim] = number % n + turn[corner][0];
          if (dim == 3)
            at[(s / 2 + 2) % dim] = number / n + turn[corner][1];
          out << " " << node(n, at[0], at[1], at[2]);
        }
        out << "\n";
      }
  }

  std::string name;
  unsigned int n_regions;
};

/// The meshes on which a test of the box [0, side]^dim is repeated, by name.
template <int dim>
class OtherMeshes
{
public:
  /// @p n cells along each edge, refined as a whole @p refinements times; then @p ball, "x, y(, z), radius", once.
  OtherMeshes(const unsigned int n, const double side, const std::string &ball, const double fraction = 1.0,
              const unsigned int refinements = 0)
      : side(side), wavy_mesh(n, side, side / 24.0)
  {
    auto boxes = block(std::vector<double>(dim, side), side / (n << refinements), fraction);
    boxes.refinements = refinements;
    by_name["locally refined"] = refined(boxes, ball);
    by_name["bent cells"] = wavy_mesh.organ(refinements, fraction);
    by_name["bent cells, locally refined"] = refined(wavy_mesh.organ(refinements, fraction), ball);
  }

  /// Where the meshes with bent cells have a point of the box.
  dealii::Point<dim> bent(const dealii::Point<dim> &place) const { return wavy(place, side, side / 24.0); }

  auto begin() const { return by_name.begin(); }
  auto end() const { return by_name.end(); }

private:
  static OrganParameters refined(OrganParameters organ, const std::string &ball)
  {
    organ.refined_balls = ball + ", 1";
    organ.resolve(dim, "");
    return organ;
  }

  double side;
  WavyMesh<dim> wavy_mesh;
  std::map<std::string, OrganParameters> by_name;
};
} // namespace nidus::test
