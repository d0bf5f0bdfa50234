#pragma once

#include <deal.II/grid/tria.h>

#include <map>
#include <string>
#include <vector>

namespace nidus
{
template <int dim>
class Organ;

/// A face of a tissue cell, or the part of it beside a finer neighbour, at which the tissue ends.
struct BoundaryFace
{
  static constexpr unsigned int whole = 0xFFFFFFFFu;

  unsigned int boundary; ///< index into the names
  unsigned int face;     ///< of the cell
  unsigned int subface;  ///< whole: the face is not divided
};

/**
 * The named surfaces of the tissue: conditions of fields refer to them.
 *
 * Tissue ends beside a region without tissue, whose name the surface has, and where the mesh ends, by the names that
 * the shape gives to its ends; an end without a name is "outside". Periodic ends are no boundary. A surface is made
 * of faces of mesh cells: where a shape cuts through cells it is a staircase, whose area is larger than that of the
 * smooth surface and does not converge to it.
 */
template <int dim>
class Boundaries
{
public:
  using CellIterator = typename dealii::Triangulation<dim>::active_cell_iterator;

  /// @p ends: name of each boundary id of the mesh. Collective.
  Boundaries(const Organ<dim> &organ, const std::map<dealii::types::boundary_id, std::string> &ends);

  /// The surfaces that this mesh has.
  const std::vector<std::string> &names() const { return name_list; }

  /// Area of each, um^(dim-1), over all ranks.
  const std::vector<double> &areas() const { return area_list; }

  int index(const std::string &name) const; ///< -1: no such surface

  /// Where the tissue of @p cell ends; nothing for a cell without tissue. The cell must be owned by this rank.
  std::vector<BoundaryFace> faces(const CellIterator &cell) const;

private:
  unsigned int add(const std::string &name);
  void measure();
  double area(const CellIterator &cell, const BoundaryFace &part) const;

  const Organ<dim> &organ;
  std::vector<std::string> name_list;
  std::vector<double> area_list;
  std::vector<unsigned int> of_region; ///< boundary beside each region; no meaning for tissue
  std::map<dealii::types::boundary_id, unsigned int> of_end;
  unsigned int outside = 0; ///< boundary at ends without a name
};
} // namespace nidus
