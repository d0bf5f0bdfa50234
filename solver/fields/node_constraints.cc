#include "fields/node_constraints.h"

#include <deal.II/dofs/dof_tools.h>

namespace nidus
{
template <int dim>
dealii::IndexSet make_node_constraints(const Organ<dim> &organ, const dealii::DoFHandler<dim> &nodes,
                                       dealii::AffineConstraints<double> &constraints)
{
  dealii::IndexSet relevant;
  dealii::DoFTools::extract_locally_relevant_dofs(nodes, relevant);
  const auto make = [&] {
    constraints.reinit(relevant);
    dealii::DoFTools::make_hanging_node_constraints(nodes, constraints);
    for (const unsigned int axis : organ.periodic_axes())
      dealii::DoFTools::make_periodicity_constraints(nodes, 2 * axis, 2 * axis + 1, axis, constraints);
    constraints.close();
  };
  make();
  if (organ.periodic_axes().empty())
    return relevant;
  // A chain of periodic and hanging nodes may end at a node that no cell of this rank or of its ghost layer has.
  for (const auto &line : constraints.get_lines())
    for (const auto &entry : line.entries)
      relevant.add_index(entry.first);
  make();
  return relevant;
}

template dealii::IndexSet make_node_constraints(const Organ<2> &, const dealii::DoFHandler<2> &,
                                                dealii::AffineConstraints<double> &);
template dealii::IndexSet make_node_constraints(const Organ<3> &, const dealii::DoFHandler<3> &,
                                                dealii::AffineConstraints<double> &);
} // namespace nidus
