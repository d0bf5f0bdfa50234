#include "organ/block.h"

#include <deal.II/grid/grid_generator.h>

#include <algorithm>
#include <cmath>

namespace nidus
{
template <int dim>
Block<dim>::Block(const OrganParameters &parameters)
    : coarse_cell_size(parameters.cell_size * std::pow(2.0, parameters.refinements)),
      lumen_radius(parameters.block.lumen_radius), periodic(parameters.block.periodic())
{
  for (unsigned int d = 0; d < dim; ++d)
    size[d] = parameters.block.size[d];
}

template <int dim>
std::vector<std::string> Block<dim>::region_names() const
{
  if (lumen_radius > 0.0)
    return {"parenchyma", "airway"};
  return {"parenchyma"};
}

template <int dim>
std::array<double, dim> Block<dim>::repetitions() const
{
  // The size of the block is kept exactly; cells are as near to the wanted size as that allows.
  std::array<double, dim> numbers;
  for (unsigned int d = 0; d < dim; ++d)
    numbers[d] = std::max(1.0, std::round(size[d] / coarse_cell_size));
  return numbers;
}

template <int dim>
double Block<dim>::n_coarse_cells() const
{
  double cells = 1.0;
  for (const double number : repetitions())
    cells *= number;
  return cells;
}

template <int dim>
void Block<dim>::make_coarse_mesh(dealii::Triangulation<dim> &mesh) const
{
  const auto numbers = repetitions();
  // Boundary ids: 2 d at the lower and 2 d + 1 at the upper end of axis d.
  dealii::GridGenerator::subdivided_hyper_rectangle(mesh, std::vector<unsigned int>(numbers.begin(), numbers.end()),
                                                    dealii::Point<dim>(), size, true);
}

template <int dim>
std::map<dealii::types::boundary_id, std::string> Block<dim>::ends() const
{
  std::map<dealii::types::boundary_id, std::string> names;
  for (unsigned int d = 0; d < dim; ++d)
    if (std::find(periodic.begin(), periodic.end(), d) == periodic.end())
    {
      names[2 * d] = std::string(1, "xyz"[d]) + " min";
      names[2 * d + 1] = std::string(1, "xyz"[d]) + " max";
    }
  return names;
}

template <int dim>
unsigned int Block<dim>::region(const dealii::Point<dim> &point, const unsigned int) const
{
  if (lumen_radius <= 0.0)
    return 0;
  double squared = 0.0;
  for (unsigned int d = 0; d + 1 < dim; ++d)
    squared += (point[d] - 0.5 * size[d]) * (point[d] - 0.5 * size[d]);
  return squared < lumen_radius * lumen_radius ? 1 : 0;
}

template class Block<2>;
template class Block<3>;
} // namespace nidus
