#pragma once

#include "fields/field_set.h"

namespace nidus
{
/**
 * Takes the values of fields from one partition or refinement of a mesh to the next, with all that there is of them.
 *
 * They travel with the cells. Nodes of cells that stay keep their values bit for bit, except for nodes that follow
 * others, which are interpolated again; those of new children are interpolated in their parent, those of a parent are
 * the ones that its children had there. What a cell then holds less (or more) of a field than its space did before is
 * handed to its corners, in proportion to their distance from the greatest (smallest) value that was there: amounts are
 * kept to rounding, and no value leaves the range of those that were in the cells around its node.
 */
template <int dim>
class FieldTransfer
{
public:
  using Triangulation = typename Organ<dim>::Triangulation;
  using Cell = typename Triangulation::cell_iterator;

  /// Attaches the values of @p fields, whose ghosts are up to date, to @p mesh, which has to change next; they have to
  /// live until then. Cells of different regions must not become one. Collective.
  FieldTransfer(Triangulation &mesh, const FieldSet<dim> &fields);

  /// Puts the values in @p fields, the same ones on the changed mesh, and refreshes its ghosts. Collective; once.
  void arrive(FieldSet<dim> &fields);

private:
  using Vector = dealii::LinearAlgebra::distributed::Vector<double>;
  using Status = typename Triangulation::CellStatus;

  /// What was in the space of a cell, of one field.
  struct Content
  {
    double amount = 0.0; ///< integral, um^dim times the unit of the field
    double low = 0.0, high = 0.0;
  };

  std::vector<char> pack(const Cell &cell, Status status) const;
  void unpack(const FieldSet<dim> &fields, const Cell &cell, Status status, const char *bytes);
  Content content(const FieldSet<dim> &fields, const Cell &cell, const dealii::Vector<double> &at_corners) const;
  void keep_amounts(FieldSet<dim> &fields, unsigned int s) const;

  Triangulation &mesh;
  const FieldSet<dim> *before;
  std::vector<Vector> values;    ///< of each field
  std::vector<Content> contents; ///< after the change, of each active cell: [active index * fields + field]
  unsigned int handle;
};
} // namespace nidus
