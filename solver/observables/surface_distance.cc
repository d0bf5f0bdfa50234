#include "observables/surface_distance.h"

#include "control/input_error.h"
#include "observables/gathered.h"
#include "organ/boundaries.h"

#include <vtkCellArray.h>
#include <vtkPoints.h>

#include <array>
#include <cmath>

namespace nidus
{
namespace
{
/// In the order of deal.II, um; the third coordinate is 0 in 2-D.
template <int dim>
using Corners = std::array<std::array<double, 3>, dealii::GeometryInfo<dim>::vertices_per_face>;

template <int dim, typename Face>
Corners<dim> corners_of(const Face &face)
{
  Corners<dim> corners{};
  for (std::size_t v = 0; v < corners.size(); ++v)
    for (unsigned int d = 0; d < dim; ++d)
      corners[v][d] = face->vertex(v)[d];
  return corners;
}

template <int dim>
Corners<dim> corners_of(const typename Organ<dim>::CellIterator &cell, const BoundaryFace &part)
{
  auto corners = corners_of<dim>(cell->face(part.face));
  if (part.subface == BoundaryFace::whole)
    return corners;
  if (!cell->has_periodic_neighbor(part.face))
    return corners_of<dim>(
        cell->neighbor_child_on_subface(part.face, part.subface)->face(cell->neighbor_of_neighbor(part.face)));
  // The finer faces are at the other end of a block; this one is flat, and one corner is shared with the part.
  const auto shared = corners[part.subface];
  const auto middle = cell->face(part.face)->center();
  for (auto &corner : corners)
    for (unsigned int d = 0; d < dim; ++d)
      if (corner[d] != shared[d])
        corner[d] = middle[d];
  return corners;
}

template <int dim>
std::vector<Corners<dim>> faces_of_this_rank(const Organ<dim> &organ, const unsigned int boundary)
{
  std::vector<Corners<dim>> result;
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
      for (const auto &part : organ.boundaries().faces(cell))
        if (part.boundary == boundary)
          result.push_back(corners_of<dim>(cell, part));
  return result;
}
} // namespace

template <int dim>
SurfaceDistance<dim>::SurfaceDistance(const Organ<dim> &organ, const std::string &name, const std::string &entry)
{
  const int boundary = organ.boundaries().index(name);
  if (boundary < 0)
    throw InputError(entry, name,
                     listed(organ.boundaries().names()) + " (the boundaries of this mesh; periodic sides are none)",
                     "correct the name");
  const auto faces =
      gather_everywhere(organ.communicator(), faces_of_this_rank(organ, static_cast<unsigned int>(boundary))).all;
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  vtkNew<vtkCellArray> pieces;
  for (const auto &face : faces)
  {
    std::array<vtkIdType, dealii::GeometryInfo<dim>::vertices_per_face> id;
    for (std::size_t v = 0; v < face.size(); ++v)
      id[v] = points->InsertNextPoint(face[v].data());
    pieces->InsertNextCell(dim, id.data());
    if (dim == 3)
      pieces->InsertNextCell(dim, id.data() + 1);
  }
  surface->SetPoints(points);
  if (dim == 3)
    surface->SetPolys(pieces);
  else
    surface->SetLines(pieces);
  locator->SetDataSet(surface);
  locator->BuildLocator();
}

template <int dim>
double SurfaceDistance<dim>::operator()(const dealii::Point<dim> &point) const
{
  std::array<double, 3> place{}, nearest{};
  for (unsigned int d = 0; d < dim; ++d)
    place[d] = point[d];
  vtkIdType piece = -1;
  int part = 0;
  double square = 0.0;
  locator->FindClosestPoint(place.data(), nearest.data(), piece, part, square);
  return std::sqrt(square);
}

template class SurfaceDistance<2>;
template class SurfaceDistance<3>;
} // namespace nidus
