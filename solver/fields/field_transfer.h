#pragma once

#include "fields/field_set.h"

namespace nidus
{
/**
 * Takes the values of fields from one partition or refinement of a mesh to the next.
 *
 * They travel with the cells. Nodes of cells that stay keep their values bit for bit, except for nodes that follow
 * others, which are interpolated again; those of new children are interpolated in their parent, those of a parent are
 * the ones that its children had there.
 */
template <int dim>
class FieldTransfer
{
public:
  using Triangulation = typename Organ<dim>::Triangulation;
  using Cell = typename Triangulation::cell_iterator;

  /// Attaches the values of @p fields, whose ghosts are up to date, to @p mesh, which has to change next; they have to
  /// live until then. Collective.
  FieldTransfer(Triangulation &mesh, const FieldSet<dim> &fields);

  /// Puts the values in @p fields, the same ones on the changed mesh, and refreshes its ghosts. Collective; once.
  void arrive(FieldSet<dim> &fields);

private:
  using Vector = dealii::LinearAlgebra::distributed::Vector<double>;

  std::vector<char> pack(const Cell &cell) const;

  Triangulation &mesh;
  const FieldSet<dim> *before;
  std::vector<Vector> values; ///< of each field
  unsigned int handle;
};
} // namespace nidus
