#pragma once

#include "organ/organ_parameters.h"

#include <deal.II/grid/tria.h>

namespace nidus
{
/**
 * Reads a mesh of quadrilaterals (hexahedra), or of triangles (tetrahedra), which are split. Coordinates are in um;
 * material ids and boundary ids are the numbers of the file.
 *
 * Throws InputError for a file that cannot be read, claims more than it can hold, mixes kinds of cells, or has inverted
 * or degenerate ones.
 */
template <int dim>
void read_mesh(const MeshFileParameters &parameters, dealii::Triangulation<dim> &mesh);

/// The part of read_mesh() for .vtu files: cells as they are, coordinates in the unit of the file.
template <int dim>
void read_vtu(const MeshFileParameters &parameters, dealii::Triangulation<dim> &mesh);

/**
 * Least ratio, over the corners of a cell, of the determinant of the edges there to the product of their lengths: 1 for
 * a box, 0 or less for a cell that is degenerate or turned inside out.
 */
template <int dim>
double scaled_jacobian(const typename dealii::Triangulation<dim>::cell_iterator &cell);
} // namespace nidus
