#include "fields/field_failure.h"

#include <sstream>

namespace nidus
{
namespace
{
/// The place of an owned node and the tissue around it.
template <int dim>
std::string describe(const FieldSet<dim> &fields, const Culprit &culprit)
{
  const auto wanted = fields.owned.nth_index_in_set(culprit.node);
  std::vector<dealii::types::global_dof_index> nodes(fields.fe.n_dofs_per_cell());
  for (const auto &cell : fields.dof_handler.active_cell_iterators())
  {
    if (cell->is_artificial() || !fields.organ.is_tissue(cell))
      continue;
    cell->get_dof_indices(nodes);
    for (unsigned int v = 0; v < nodes.size(); ++v)
      if (nodes[v] == wanted)
      {
        std::ostringstream text;
        text << "field '" << fields.parameters.fields[culprit.field].name << "' at (";
        for (unsigned int d = 0; d < dim; ++d)
          text << (d > 0 ? ", " : "") << cell->vertex(v)[d];
        text << ") um in region '" << fields.organ.region(cell).name << "'";
        return text.str();
      }
  }
  return "field '" + fields.parameters.fields[culprit.field].name + "'";
}
} // namespace

template <int dim>
std::string place_of(const FieldSet<dim> &fields, const Culprit &mine)
{
  const MPI_Comm comm = fields.organ.communicator();
  struct
  {
    double badness;
    int rank;
  } here = {mine.badness, static_cast<int>(dealii::Utilities::MPI::this_mpi_process(comm))}, worst = here;
  MPI_Allreduce(&here, &worst, 1, MPI_DOUBLE_INT, MPI_MAXLOC, comm);
  if (worst.badness < 0.0)
    return "no single field";
  const std::string text = worst.rank == here.rank ? describe(fields, mine) : std::string();
  return dealii::Utilities::MPI::broadcast(comm, text, worst.rank);
}

template std::string place_of<2>(const FieldSet<2> &, const Culprit &);
template std::string place_of<3>(const FieldSet<3> &, const Culprit &);
} // namespace nidus
