#include "organ/box_grid_shape.h"

#include "control/input_error.h"
#include "organ/kept_boxes.h"
#include "organ/length_unit.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// Boxes in the grid: a byte each while the mesh is made. Coarse cells: each rank holds all of them.
constexpr double most_boxes = 1e8, most_coarse_cells = 4e6;

template <int dim, typename Axes>
std::string size_of(const Axes &axes)
{
  std::string size;
  for (const auto &axis : axes)
    size += (size.empty() ? "" : " x ") + readable_length(axis.n * axis.edge);
  return size;
}

[[noreturn]] void refuse(const double number, const double limit, const double edge, const std::string &size)
{
  std::ostringstream found;
  found << "coarse cells of " << edge << " um";
  std::ostringstream allowed;
  allowed << "at most " << limit << " coarse cells (an organ of " << size << " needs " << number << ")";
  throw InputError(
      "Organ/Cell size", found.str(), allowed.str(),
      "check the unit of length, make cells larger, or raise 'Organ/Refinements', which makes coarse cells "
      "as many times larger");
}
} // namespace

template <int dim>
double BoxGridShape<dim>::coarse_edge_of(const OrganParameters &parameters)
{
  return parameters.cell_size * std::pow(2.0, parameters.refinements);
}

template <int dim>
typename BoxGridShape<dim>::Axis BoxGridShape<dim>::covering(const double lower, const double upper) const
{
  // Less than a millionth of a box is rounding.
  const double boxes = std::ceil((upper - lower) / coarse_edge - 1e-6);
  if (!(boxes < most_boxes))
    refuse(boxes, most_boxes, coarse_edge, readable_length(upper - lower));
  return {lower, coarse_edge, static_cast<unsigned int>(std::max(1.0, boxes)), false};
}

template <int dim>
typename BoxGridShape<dim>::Axis BoxGridShape<dim>::centred(const double lower, const double upper) const
{
  Axis axis = covering(lower, upper);
  axis.lower -= 0.5 * (axis.n * axis.edge - (upper - lower));
  return axis;
}

template <int dim>
typename BoxGridShape<dim>::Axis BoxGridShape<dim>::fitted(const double lower, const double upper) const
{
  const double boxes = std::max(1.0, std::round((upper - lower) / coarse_edge));
  if (!(boxes < most_boxes))
    refuse(boxes, most_boxes, coarse_edge, readable_length(upper - lower));
  return {lower, (upper - lower) / boxes, static_cast<unsigned int>(boxes), true};
}

template <int dim>
bool BoxGridShape<dim>::misses(const dealii::BoundingBox<dim> &box) const
{
  return this->is_uniform(box) && this->region(box.center(), 0) == outside;
}

template <int dim>
std::pair<std::string, std::string> BoxGridShape<dim>::end_names(const unsigned int axis) const
{
  const std::string letter(1, "xyz"[axis]);
  return {letter + " min", letter + " max"};
}

template <int dim>
std::map<dealii::types::boundary_id, std::string> BoxGridShape<dim>::ends() const
{
  std::map<dealii::types::boundary_id, std::string> names;
  const auto axes = grid();
  for (unsigned int d = 0; d < dim; ++d)
    if (axes[d].has_ends)
      std::tie(names[1 + 2 * d], names[2 + 2 * d]) = end_names(d);
  return names;
}

template <int dim>
void BoxGridShape<dim>::make_coarse_mesh(dealii::Triangulation<dim> &mesh) const
{
  const auto axes = grid();
  std::array<unsigned int, dim> n;
  double boxes = 1.0;
  for (unsigned int d = 0; d < dim; ++d)
  {
    n[d] = axes[d].n;
    boxes *= n[d];
  }
  if (boxes > most_boxes)
    refuse(boxes, most_boxes, coarse_edge, size_of<dim>(axes));

  KeptBoxes<dim> kept(n);
  for (std::size_t i = 0; i < kept.size(); ++i)
  {
    const auto place = kept.place(i);
    std::pair<dealii::Point<dim>, dealii::Point<dim>> corners;
    for (unsigned int d = 0; d < dim; ++d)
    {
      // What touches a box from outside is not in it.
      const double margin = 1e-9 * axes[d].edge;
      corners.first[d] = axes[d].lower + place[d] * axes[d].edge + margin;
      corners.second[d] = axes[d].lower + (place[d] + 1) * axes[d].edge - margin;
    }
    kept.set(i, !misses(dealii::BoundingBox<dim>(corners)));
  }
  kept.mend_pinches();
  if (static_cast<double>(kept.number()) > most_coarse_cells)
    refuse(static_cast<double>(kept.number()), most_coarse_cells, coarse_edge, size_of<dim>(axes));
  if (kept.number() == 0)
    throw InputError("the organ is empty: no coarse cell of the mesh holds any of it",
                     "make the organ larger or the cells smaller (Organ/Cell size, Organ/Refinements)");

  std::array<std::vector<double>, dim> coordinates;
  for (unsigned int d = 0; d < dim; ++d)
    for (unsigned int i = 0; i <= n[d]; ++i)
      coordinates[d].push_back(axes[d].lower + i * axes[d].edge);
  kept.make_mesh(coordinates, mesh);
  for (const auto &face : mesh.active_face_iterators())
    if (face->at_boundary())
      for (unsigned int d = 0; d < dim; ++d)
        if (axes[d].has_ends)
        {
          if (std::abs(face->center()[d] - coordinates[d].front()) < 1e-6 * axes[d].edge)
            face->set_boundary_id(1 + 2 * d);
          if (std::abs(face->center()[d] - coordinates[d].back()) < 1e-6 * axes[d].edge)
            face->set_boundary_id(2 + 2 * d);
        }
}

template class BoxGridShape<2>;
template class BoxGridShape<3>;
} // namespace nidus
