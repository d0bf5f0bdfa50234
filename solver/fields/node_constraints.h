#pragma once

#include "organ/organ.h"

#include <deal.II/dofs/dof_handler.h>
#include <deal.II/lac/affine_constraints.h>

namespace nidus
{
/**
 * Nodes that follow others, on the mesh of an organ or a coarser version of it: hanging nodes and those on the far side
 * of a periodic block. Returns the nodes that this rank has to know. Collective.
 */
template <int dim>
dealii::IndexSet make_node_constraints(const Organ<dim> &organ, const dealii::DoFHandler<dim> &nodes,
                                       dealii::AffineConstraints<double> &constraints);
} // namespace nidus
