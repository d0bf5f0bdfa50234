#include "organ/boundaries.h"

#include "organ/organ.h"

#include <algorithm>

namespace nidus
{
template <int dim>
Boundaries<dim>::Boundaries(const Organ<dim> &organ, const std::map<dealii::types::boundary_id, std::string> &ends)
    : organ(organ), of_region(organ.regions().size())
{
  for (std::size_t r = 0; r < of_region.size(); ++r)
    if (!organ.regions()[r].tissue)
      of_region[r] = add(organ.regions()[r].name);
  for (const auto &[id, name] : ends)
    of_end[id] = add(name);
  outside = add("outside");
  measure();
}

template <int dim>
unsigned int Boundaries<dim>::add(const std::string &name)
{
  const int known = index(name);
  if (known >= 0)
    return static_cast<unsigned int>(known);
  name_list.push_back(name);
  return static_cast<unsigned int>(name_list.size() - 1);
}

template <int dim>
int Boundaries<dim>::index(const std::string &name) const
{
  const auto found = std::find(name_list.begin(), name_list.end(), name);
  return found == name_list.end() ? -1 : static_cast<int>(found - name_list.begin());
}

template <int dim>
std::vector<BoundaryFace> Boundaries<dim>::faces(const CellIterator &cell) const
{
  std::vector<BoundaryFace> result;
  if (!organ.is_tissue(cell))
    return result;
  const auto beside = [&](const CellIterator &neighbour, const unsigned int face, const unsigned int subface) {
    if (!organ.is_tissue(neighbour))
      result.push_back({of_region[neighbour->material_id()], face, subface});
  };
  for (const unsigned int f : cell->face_indices())
  {
    const bool periodic = cell->has_periodic_neighbor(f);
    if (cell->at_boundary(f) && !periodic)
    {
      const auto end = of_end.find(cell->face(f)->boundary_id());
      result.push_back({end == of_end.end() ? outside : end->second, f, BoundaryFace::whole});
      continue;
    }
    const auto neighbour = cell->neighbor_or_periodic_neighbor(f);
    if (!neighbour->has_children())
    {
      beside(neighbour, f, BoundaryFace::whole);
      continue;
    }
    for (unsigned int part = 0; part < dealii::GeometryInfo<dim>::max_children_per_face; ++part)
      beside(periodic ? cell->periodic_neighbor_child_on_subface(f, part) : cell->neighbor_child_on_subface(f, part), f,
             part);
  }
  return result;
}

template <int dim>
double Boundaries<dim>::area(const CellIterator &cell, const BoundaryFace &part) const
{
  if (part.subface == BoundaryFace::whole)
    return cell->face(part.face)->measure();
  // Periodic faces are flat and the parts of one are equal.
  if (cell->has_periodic_neighbor(part.face))
    return cell->face(part.face)->measure() / dealii::GeometryInfo<dim>::max_children_per_face;
  const auto neighbour = cell->neighbor_child_on_subface(part.face, part.subface);
  return neighbour->face(cell->neighbor_of_neighbor(part.face))->measure();
}

template <int dim>
void Boundaries<dim>::measure()
{
  std::vector<double> local(name_list.size(), 0.0), total(name_list.size(), 0.0);
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
      for (const auto &part : faces(cell))
        local[part.boundary] += area(cell, part);
  dealii::Utilities::MPI::sum(local, organ.communicator(), total);

  // Only surfaces that occur can be named by a condition.
  std::vector<unsigned int> place(name_list.size(), 0);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < total.size(); ++i)
    if (total[i] > 0.0)
    {
      place[i] = static_cast<unsigned int>(names.size());
      names.push_back(name_list[i]);
      area_list.push_back(total[i]);
    }
  name_list = names;
  outside = place[outside];
  for (auto &boundary : of_region)
    boundary = place[boundary];
  for (auto &[id, boundary] : of_end)
    boundary = place[boundary];
}

template class Boundaries<2>;
template class Boundaries<3>;
} // namespace nidus
