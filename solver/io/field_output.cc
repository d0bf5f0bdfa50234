#include "io/field_output.h"

#include "control/input_error.h"
#include "io/legend.h"
#include "io/outcome.h"
#include "io/vtk_text.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkCellType.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkIdTypeArray.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkTypeInt32Array.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLUnstructuredGridWriter.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <stdexcept>

namespace nidus
{
namespace
{
/// VTK's place of the corner that is first, second, ... in deal.II's order, in 2-D (four corners) and 3-D.
constexpr unsigned int place_in_vtk[] = {0, 1, 3, 2, 4, 5, 7, 6};

constexpr const char *cell_arrays[] = {"region", "rank", "level"};

/// What ranks contribute to a piece file; the points and cells of one rank follow those of another.
struct Part
{
  std::vector<double> points;              ///< three coordinates each
  std::vector<std::vector<double>> values; ///< of each field at each point
  std::vector<vtkIdType> corners;          ///< points of each cell, in the order of VTK
  std::vector<std::int32_t> region, rank, level;

  template <typename Action>
  void for_each_array(const Action &action)
  {
    action(points);
    for (std::vector<double> &field : values)
      action(field);
    action(corners);
    action(region);
    action(rank);
    action(level);
  }
};

/// Adds the cells of this rank to @p part. @p nodes: the node of each point, in the local form of the state.
template <int dim>
void add_mesh(Part &part, std::vector<std::size_t> &nodes, const FieldSet<dim> &fields)
{
  constexpr unsigned int n_corners = 1u << dim;
  constexpr vtkIdType no_point = -1;
  const auto rank = static_cast<std::int32_t>(fields.organ.triangulation().locally_owned_subdomain());
  std::vector<vtkIdType> point_of(fields.relevant.n_elements(), no_point);
  std::vector<dealii::types::global_dof_index> dofs(n_corners);
  for (const auto &cell : fields.dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
    {
      const std::size_t first = part.corners.size();
      part.corners.resize(first + n_corners);
      cell->get_dof_indices(dofs);
      for (unsigned int v = 0; v < n_corners; ++v)
      {
        const unsigned int node = fields.local_index(dofs[v]);
        if (point_of[node] == no_point)
        {
          point_of[node] = static_cast<vtkIdType>(nodes.size());
          nodes.push_back(node);
          for (unsigned int d = 0; d < 3; ++d)
            part.points.push_back(d < dim ? cell->vertex(v)[d] : 0.0);
        }
        part.corners[first + place_in_vtk[v]] = point_of[node];
      }
      part.region.push_back(static_cast<std::int32_t>(cell->material_id()));
      part.rank.push_back(rank);
      part.level.push_back(cell->level());
    }
}

/// The values of all fields at @p nodes, ghosts included, and those of further arrays.
template <int dim>
void add_values(Part &part, const std::vector<std::size_t> &nodes, const FieldSet<dim> &fields,
                const std::vector<ObservedArray> &more)
{
  const unsigned int n = fields.n_fields();
  Vec form = nullptr;
  VecGhostGetLocalForm(fields.state, &form);
  const double *state = nullptr;
  VecGetArrayRead(form, &state);
  for (unsigned int s = 0; s < n; ++s)
  {
    part.values.emplace_back();
    part.values.back().reserve(nodes.size());
    for (const std::size_t node : nodes)
      part.values.back().push_back(state[node * n + s]);
  }
  VecRestoreArrayRead(form, &state);
  VecGhostRestoreLocalForm(fields.state, &form);
  for (const auto &array : more)
  {
    part.values.emplace_back();
    part.values.back().reserve(nodes.size());
    for (const std::size_t node : nodes)
      part.values.back().push_back(array.values[node]);
  }
}

constexpr std::size_t bytes_at_once = 1u << 30; // an MPI count is an int

template <typename Number>
void send(const std::vector<Number> &array, const int to, MPI_Comm comm)
{
  const unsigned long long length = array.size();
  MPI_Send(&length, 1, MPI_UNSIGNED_LONG_LONG, to, 0, comm);
  const std::size_t n_bytes = array.size() * sizeof(Number);
  const char *bytes = reinterpret_cast<const char *>(array.data());
  for (std::size_t at = 0; at < n_bytes; at += bytes_at_once)
    MPI_Send(bytes + at, static_cast<int>(std::min(bytes_at_once, n_bytes - at)), MPI_BYTE, to, 0, comm);
}

/// Puts what rank @p from sends behind the content of @p array.
template <typename Number>
void receive(std::vector<Number> &array, const int from, MPI_Comm comm)
{
  unsigned long long length = 0;
  MPI_Recv(&length, 1, MPI_UNSIGNED_LONG_LONG, from, 0, comm, MPI_STATUS_IGNORE);
  const std::size_t old_length = array.size(), n_bytes = length * sizeof(Number);
  array.resize(old_length + length);
  char *bytes = reinterpret_cast<char *>(array.data() + old_length);
  for (std::size_t at = 0; at < n_bytes; at += bytes_at_once)
    MPI_Recv(bytes + at, static_cast<int>(std::min(bytes_at_once, n_bytes - at)), MPI_BYTE, from, 0, comm,
             MPI_STATUS_IGNORE);
}

/// Puts the part of rank @p from behind the content of @p part.
void receive_part(Part &part, const int from, MPI_Comm comm)
{
  const auto n_points = static_cast<vtkIdType>(part.points.size() / 3);
  const std::size_t n_corners = part.corners.size();
  part.for_each_array([&](auto &array) { receive(array, from, comm); });
  for (std::size_t c = n_corners; c < part.corners.size(); ++c)
    part.corners[c] += n_points;
}

/// @p text as it stands in an XML file.
std::string escaped(const std::string &text)
{
  std::string result;
  for (const char c : text)
    result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  return result;
}

/// Lets @p array show @p numbers, which must outlive it.
template <typename Array, typename Number>
void show(Array &array, std::vector<Number> &numbers, const std::string &name, const char *unit = nullptr)
{
  constexpr int leave_to_owner = 1;
  array.SetName(escaped(name).c_str()); // VTK puts it into the file as it is
  array.SetArray(numbers.data(), static_cast<vtkIdType>(numbers.size()), leave_to_owner);
  if (unit != nullptr)
    array.GetInformation()->Set(vtkDataArray::UNITS_LABEL(), unit);
}

template <int dim>
void set_geometry(vtkUnstructuredGrid &grid, Part &part)
{
  vtkNew<vtkDoubleArray> coordinates;
  coordinates->SetNumberOfComponents(3);
  show(*coordinates, part.points, "Points");
  vtkNew<vtkPoints> points;
  points->SetData(coordinates);
  vtkNew<vtkIdTypeArray> corners;
  show(*corners, part.corners, "connectivity");
  vtkNew<vtkCellArray> cells;
  cells->SetData(1 << dim, corners);
  grid.SetPoints(points);
  grid.SetCells(dim == 2 ? VTK_QUAD : VTK_HEXAHEDRON, cells);
}

/// The text of a .vtu file. Throws std::runtime_error.
template <int dim>
std::string vtu_text(Part &part, const std::vector<ObservedColumn> &arrays, double time)
{
  vtkNew<vtkUnstructuredGrid> grid;
  set_geometry<dim>(*grid, part);
  for (std::size_t s = 0; s < arrays.size(); ++s)
  {
    vtkNew<vtkDoubleArray> array;
    show(*array, part.values[s], arrays[s].name, arrays[s].unit.c_str());
    grid->GetPointData()->AddArray(array);
  }
  std::vector<std::int32_t> *numbers[] = {&part.region, &part.rank, &part.level};
  for (std::size_t a = 0; a < std::size(cell_arrays); ++a)
  {
    vtkNew<vtkTypeInt32Array> array;
    show(*array, *numbers[a], cell_arrays[a]);
    grid->GetCellData()->AddArray(array);
  }
  std::vector<double> times = {time};
  vtkNew<vtkDoubleArray> time_value;
  show(*time_value, times, "TimeValue", "min");
  grid->GetFieldData()->AddArray(time_value);

  return vtk_text<vtkXMLUnstructuredGridWriter>(*grid, std::to_string(part.region.size()) + " mesh cells");
}

/// The text of the .pvtu file: the arrays of all pieces, in the order in which they are in them, and the pieces.
std::string pvtu_text(const std::vector<ObservedColumn> &arrays, const std::vector<std::string> &pieces)
{
  std::string text = "<?xml version=\"1.0\"?>\n"
                     "<VTKFile type=\"PUnstructuredGrid\" version=\"0.1\" byte_order=\"LittleEndian\">\n"
                     "  <PUnstructuredGrid GhostLevel=\"0\">\n"
                     "    <PPointData>\n";
  for (const auto &array : arrays)
    text += "      <PDataArray type=\"Float64\" Name=\"" + escaped(array.name) +
            "\">\n"
            "        <InformationKey name=\"UNITS_LABEL\" location=\"vtkDataArray\">" +
            escaped(array.unit) +
            "</InformationKey>\n"
            "      </PDataArray>\n";
  text += "    </PPointData>\n"
          "    <PCellData>\n";
  for (const char *name : cell_arrays)
    text += std::string("      <PDataArray type=\"Int32\" Name=\"") + name + "\"/>\n";
  text += "    </PCellData>\n"
          "    <PPoints>\n"
          "      <PDataArray type=\"Float64\" Name=\"Points\" NumberOfComponents=\"3\"/>\n"
          "    </PPoints>\n";
  for (const std::string &piece : pieces)
    text += "    <Piece Source=\"" + piece + "\"/>\n";
  text += "  </PUnstructuredGrid>\n"
          "</VTKFile>\n";
  return text;
}

/// First rank of group @p group when @p n_ranks ranks form @p n_groups groups of neighbours.
unsigned int first_rank(const unsigned int group, const unsigned int n_groups, const unsigned int n_ranks)
{
  return static_cast<unsigned int>(static_cast<std::uint64_t>(group) * n_ranks / n_groups);
}
} // namespace

template <int dim>
FieldOutput<dim>::FieldOutput(const OutputFolder &folder, const FieldsParameters &parameters,
                              const unsigned int n_piece_files, const std::vector<ObservedColumn> &more)
    : folder(folder), times(folder, "fields.pvd")
{
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(folder.communicator());
  const unsigned int rank = dealii::Utilities::MPI::this_mpi_process(folder.communicator());
  n_groups = n_piece_files == 0 ? n_ranks : std::min(n_piece_files, n_ranks);
  while (first_rank(group + 1, n_groups, n_ranks) <= rank)
    ++group;
  leader = first_rank(group, n_groups, n_ranks);
  group_end = first_rank(group + 1, n_groups, n_ranks);
  std::set<std::string> taken(std::begin(cell_arrays), std::end(cell_arrays));
  for (const FieldParameters &field : parameters.fields)
  {
    arrays.push_back({array_name(field.name), field.unit});
    if (!taken.insert(arrays.back().name).second)
      throw InputError("the field '" + field.name + "' would be written as '" + arrays.back().name +
                           "', and another array of the output has this name",
                       "rename the field; letters, digits and underscores are kept, 'region', 'rank' and 'level' are "
                       "taken");
  }
  for (const ObservedColumn &array : more)
  {
    arrays.push_back({array_name(array.name), array.unit});
    if (!taken.insert(arrays.back().name).second)
      throw InputError("the niche index or one of its signals would be written as '" + arrays.back().name +
                           "', and another array of the output has this name",
                       "rename the field or the signal");
  }
  folder.make_folder("fields");
}

template <int dim>
unsigned int FieldOutput<dim>::default_piece_files(const unsigned int n_ranks)
{
  return std::min(32u, (n_ranks + 3) / 4);
}

template <int dim>
void FieldOutput<dim>::write(const FieldSet<dim> &fields, const std::uint64_t number, const double time,
                             const std::vector<ObservedArray> &more)
{
  char base[40];
  std::snprintf(base, sizeof base, "fields_%06llu", static_cast<unsigned long long>(number));
  write_piece(fields, "fields/" + piece_name(base, group), time, more);
  std::vector<std::string> pieces;
  for (unsigned int file = 0; file < n_groups; ++file)
    pieces.push_back(piece_name(base, file));
  const std::string file = std::string("fields/") + base + ".pvtu";
  folder.write(file, pvtu_text(arrays, pieces));
  times.add(time, file);
}

template <int dim>
std::string FieldOutput<dim>::piece_name(const std::string &base, const unsigned int file) const
{
  const std::string last = std::to_string(n_groups - 1), number = std::to_string(file);
  return base + "." + std::string(last.size() - number.size(), '0') + number + ".vtu";
}

template <int dim>
void FieldOutput<dim>::write_piece(const FieldSet<dim> &fields, const std::string &file, const double time,
                                   const std::vector<ObservedArray> &more) const
{
  MPI_Comm comm = folder.communicator();
  const unsigned int rank = dealii::Utilities::MPI::this_mpi_process(comm);
  Part part;
  std::vector<std::size_t> nodes;
  add_mesh(part, nodes, fields);
  add_values(part, nodes, fields, more);

  // The first rank of a group writes for all of it: whatever fails, no other rank waits for it in a call of MPI-IO.
  if (rank != leader)
    part.for_each_array([&](const auto &array) { send(array, static_cast<int>(leader), comm); });
  else
    for (unsigned int member = leader + 1; member < group_end; ++member)
      receive_part(part, static_cast<int>(member), comm);
  on_every_rank(comm, [&] {
    if (rank == leader)
      write_whole_file(folder.path(file), vtu_text<dim>(part, arrays, time));
  });
}

template class FieldOutput<2>;
template class FieldOutput<3>;
} // namespace nidus
