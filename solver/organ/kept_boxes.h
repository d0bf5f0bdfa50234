#pragma once

#include <deal.II/grid/tria.h>

#include <array>
#include <cstdint>
#include <vector>

namespace nidus
{
/// Which boxes of a grid are cells of a coarse mesh. The first axis runs fastest.
template <int dim>
class KeptBoxes
{
public:
  explicit KeptBoxes(const std::array<unsigned int, dim> &n);

  std::size_t size() const { return kept.size(); }
  std::array<unsigned int, dim> place(std::size_t box) const;
  void set(std::size_t box, bool value) { kept[box] = value ? 1 : 0; }
  bool operator[](std::size_t box) const { return kept[box] != 0; }
  std::size_t number() const;

  /// Keeps more boxes until no two that are kept hang together at an edge or a vertex only (organ/pinches.h).
  void mend_pinches();

  /// Makes the mesh of the boxes that are kept; @p coordinates of the planes between them, along each axis.
  void make_mesh(const std::array<std::vector<double>, dim> &coordinates, dealii::Triangulation<dim> &mesh) const;

private:
  /// Keeps what is missing around one vertex inside of the grid; whether there was anything to do.
  bool mend(const std::array<std::size_t, (1u << dim)> &around);

  std::array<unsigned int, dim> n;
  std::array<std::size_t, dim> stride;
  std::vector<std::uint8_t> kept;
};
} // namespace nidus
