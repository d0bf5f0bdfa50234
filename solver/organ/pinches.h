#pragma once

#include <deal.II/grid/tria.h>

namespace nidus
{
/**
 * Number of edges and vertices of a coarse mesh at which it only hangs together: the cells around them fall into
 * groups that share no face there.
 *
 * Voxel meshes of organs have such places. p4est 2.2 aborts when it balances a refined forest with them
 * (cburstedde/p4est issue 238), so meshes with pinches must be refined before p4est sees them.
 */
template <int dim>
unsigned int count_pinches(const dealii::Triangulation<dim> &mesh);
} // namespace nidus
