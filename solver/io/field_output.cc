#include "io/field_output.h"

#include "control/input_error.h"
#include "io/legend.h"
#include "io/outcome.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>
#include <deal.II/lac/vector.h>
#include <deal.II/numerics/data_out.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <sstream>

namespace nidus
{
namespace
{
/// DataOut that hands out the part of a .vtu file that one rank contributes.
template <int dim>
class Patches : public dealii::DataOut<dim>
{
public:
  std::string piece(const dealii::DataOutBase::VtkFlags &flags) const
  {
    std::ostringstream text;
    dealii::DataOutBase::write_vtu_main(this->get_patches(), this->get_dataset_names(),
                                        this->get_nonscalar_data_ranges(), flags, text);
    return text.str();
  }
};

void send(const std::string &text, const int to, MPI_Comm comm)
{
  constexpr std::size_t chunk = 1u << 30; // an MPI count is an int
  unsigned long long length = text.size();
  MPI_Send(&length, 1, MPI_UNSIGNED_LONG_LONG, to, 0, comm);
  for (std::size_t at = 0; at < text.size(); at += chunk)
    MPI_Send(text.data() + at, static_cast<int>(std::min(chunk, text.size() - at)), MPI_CHAR, to, 0, comm);
}

std::string receive(const int from, MPI_Comm comm)
{
  constexpr std::size_t chunk = 1u << 30;
  unsigned long long length = 0;
  MPI_Recv(&length, 1, MPI_UNSIGNED_LONG_LONG, from, 0, comm, MPI_STATUS_IGNORE);
  std::string text(length, ' ');
  for (std::size_t at = 0; at < text.size(); at += chunk)
    MPI_Recv(&text[at], static_cast<int>(std::min(chunk, text.size() - at)), MPI_CHAR, from, 0, comm,
             MPI_STATUS_IGNORE);
  return text;
}

/// First rank of group @p group when @p n_ranks ranks form @p n_groups groups of neighbours.
unsigned int first_rank(const unsigned int group, const unsigned int n_groups, const unsigned int n_ranks)
{
  return static_cast<unsigned int>(static_cast<std::uint64_t>(group) * n_ranks / n_groups);
}
/// deal.II puts the date into a comment, and two runs would differ.
std::string without_comment(const std::string &xml)
{
  const std::size_t begin = xml.find("<!--"), end = xml.find("-->\n");
  return begin == std::string::npos || end == std::string::npos ? xml : xml.substr(0, begin) + xml.substr(end + 4);
}
} // namespace

template <int dim>
FieldOutput<dim>::FieldOutput(const OutputFolder &folder, const FieldSet<dim> &fields, const unsigned int n_piece_files)
    : folder(folder), fields(fields), times(folder, "fields.pvd")
{
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(folder.communicator());
  const unsigned int rank = dealii::Utilities::MPI::this_mpi_process(folder.communicator());
  n_groups = n_piece_files == 0 ? n_ranks : std::min(n_piece_files, n_ranks);
  while (first_rank(group + 1, n_groups, n_ranks) <= rank)
    ++group;
  leader = first_rank(group, n_groups, n_ranks);
  group_end = first_rank(group + 1, n_groups, n_ranks);
  std::set<std::string> taken = {"region", "rank"};
  for (const FieldParameters &field : fields.parameters.fields)
  {
    names.push_back(array_name(field.name));
    units[names.back()] = field.unit;
    if (!taken.insert(names.back()).second)
      throw InputError("the field '" + field.name + "' would be written as '" + names.back() +
                           "', and another array of the output has this name",
                       "rename the field; letters, digits and underscores are kept, 'region' and 'rank' are taken");
  }
  folder.make_folder("fields");
}

template <int dim>
unsigned int FieldOutput<dim>::default_piece_files(const unsigned int n_ranks)
{
  return std::min(32u, (n_ranks + 3) / 4);
}

template <int dim>
void FieldOutput<dim>::write(const std::uint64_t number, const double time)
{
  const auto &mesh = fields.organ.triangulation();
  const unsigned int rank = dealii::Utilities::MPI::this_mpi_process(folder.communicator());
  dealii::Vector<float> region(mesh.n_active_cells()), ranks(mesh.n_active_cells());
  ranks = static_cast<float>(rank);
  for (const auto &cell : mesh.active_cell_iterators())
    if (cell->is_locally_owned())
      region[cell->active_cell_index()] = static_cast<float>(cell->material_id());

  std::vector<dealii::LinearAlgebra::distributed::Vector<double>> values;
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
    values.push_back(fields.extract(s));

  Patches<dim> patches;
  patches.attach_triangulation(mesh);
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
  {
    values[s].update_ghost_values();
    patches.add_data_vector(fields.dof_handler, values[s], names[s]);
  }
  patches.add_data_vector(region, "region", dealii::DataOut<dim>::type_cell_data);
  patches.add_data_vector(ranks, "rank", dealii::DataOut<dim>::type_cell_data);
  patches.build_patches(fields.organ.mapping());

  // Several ranks may share a file, and a file tells its time once.
  dealii::DataOutBase::VtkFlags flags;
  if (rank == leader)
    flags.time = time;
  flags.print_date_and_time = false;
  flags.compression_level = dealii::DataOutBase::VtkFlags::best_speed;
  flags.physical_units = units;
  patches.set_flags(flags);
  char base[40];
  std::snprintf(base, sizeof base, "fields_%06llu", static_cast<unsigned long long>(number));
  write_piece(base, patches.piece(flags));

  std::vector<std::string> pieces;
  for (unsigned int file = 0; file < n_groups; ++file)
    pieces.push_back(piece_name(base, file));
  std::ostringstream record;
  patches.write_pvtu_record(record, pieces);
  const std::string file = std::string("fields/") + base + ".pvtu";
  folder.write(file, without_comment(record.str()));
  times.add(time, file);
}

template <int dim>
std::string FieldOutput<dim>::piece_name(const std::string &base, const unsigned int file) const
{
  const std::string last = std::to_string(n_groups - 1), number = std::to_string(file);
  return base + "." + std::string(last.size() - number.size(), '0') + number + ".vtu";
}

template <int dim>
void FieldOutput<dim>::write_piece(const std::string &base, const std::string &piece) const
{
  MPI_Comm comm = folder.communicator();
  const unsigned int rank = dealii::Utilities::MPI::this_mpi_process(comm);

  // The first rank of a group writes for all of it: whatever fails, no other rank waits for it in a call of MPI-IO.
  std::string content;
  if (rank != leader)
    send(piece, static_cast<int>(leader), comm);
  else
  {
    std::ostringstream head, foot;
    dealii::DataOutBase::write_vtu_header(head, dealii::DataOutBase::VtkFlags(0.0, 0, false));
    dealii::DataOutBase::write_vtu_footer(foot);
    content = head.str() + piece;
    for (unsigned int member = leader + 1; member < group_end; ++member)
      content += receive(static_cast<int>(member), comm);
    content += foot.str();
  }
  on_every_rank(comm, [&] {
    if (rank == leader)
      write_whole_file(folder.path("fields/" + piece_name(base, group)), content);
  });
}

template class FieldOutput<2>;
template class FieldOutput<3>;
} // namespace nidus
