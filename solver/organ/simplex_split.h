#pragma once

#include <deal.II/grid/tria.h>

namespace nidus
{
/**
 * Makes @p mesh of the triangles (tetrahedra) of @p simplices, each split into three quadrilaterals (four hexahedra) at
 * the midpoints of its edges, its faces and itself. Material ids and boundary ids are those of the whole.
 */
template <int dim>
void split_simplices(const dealii::Triangulation<dim> &simplices, dealii::Triangulation<dim> &mesh);
} // namespace nidus
