#include "test_io_fields.h"
#include "test_io_folder.h"

#include "control/input_error.h"
#include "io/field_output.h"
#include "io/legend.h"

#include <catch2/catch.hpp>

#include <vtkCell.h>
#include <vtkCellData.h>
#include <vtkCellType.h>
#include <vtkDataArray.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkIntArray.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkStringArray.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLPUnstructuredGridReader.h>
#include <vtkXMLUnstructuredGridReader.h>

#include <array>
#include <cmath>
#include <set>

using namespace nidus;
using namespace nidus::test;
using Catch::Contains;

namespace
{
/// Output with @p pieces files per time; 0: one for each rank.
template <int dim>
FieldOutput<dim> output_of(const OutputFolder &folder, const FieldSet<dim> &fields, const unsigned int pieces)
{
  return FieldOutput<dim>(folder, fields.parameters, fields.organ.regions(), RankGroups(MPI_COMM_WORLD, pieces));
}

/// The array with the given type. Fails the test unless there is one.
template <typename Array>
Array &array_of(vtkDataSetAttributes *data, const std::string &name)
{
  INFO(name);
  Array *array = Array::SafeDownCast(data->GetArray(name.c_str()));
  REQUIRE(array != nullptr);
  CHECK(array->GetNumberOfComponents() == 1);
  return *array;
}

std::string unit_of(vtkDataArray &array)
{
  const char *unit = array.GetInformation()->Get(vtkDataArray::UNITS_LABEL());
  return unit == nullptr ? "none" : unit;
}

/// Whether a mesh cell of the file lies in the airway, from the mean of its corners.
template <int dim>
bool in_airway(vtkCell &cell)
{
  double squared = 0.0;
  for (int d = 0; d + 1 < dim; ++d)
  {
    double mean = 0.0;
    for (vtkIdType i = 0; i < cell.GetNumberOfPoints(); ++i)
      mean += cell.GetPoints()->GetPoint(i)[d] / static_cast<double>(cell.GetNumberOfPoints());
    squared += (mean - 100.0) * (mean - 100.0);
  }
  return squared < 60.0 * 60.0;
}

/// Whether the corners of @p cell are those of a cube with this edge in the order of VTK.
template <int dim>
bool is_cube(vtkCell &cell, const double edge)
{
  constexpr double corner[8][3] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                                   {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};
  std::array<double, 3> first{}, point{};
  cell.GetPoints()->GetPoint(0, first.data());
  bool same = cell.GetCellType() == (dim == 2 ? VTK_QUAD : VTK_HEXAHEDRON);
  for (vtkIdType i = 0; i < cell.GetNumberOfPoints(); ++i)
  {
    cell.GetPoints()->GetPoint(i, point.data());
    for (unsigned int d = 0; d < 3; ++d)
      same = same && std::abs(point[d] - first[d] - edge * corner[i][d]) < 1e-9;
  }
  return same;
}

template <int dim>
void check_cells(vtkUnstructuredGrid &grid, const Organ<dim> &organ)
{
  REQUIRE(static_cast<std::uint64_t>(grid.GetNumberOfCells()) == organ.triangulation().n_global_active_cells());
  auto &region = array_of<vtkIntArray>(grid.GetCellData(), "region");
  auto &rank = array_of<vtkIntArray>(grid.GetCellData(), "rank");
  auto &level = array_of<vtkIntArray>(grid.GetCellData(), "level");
  CHECK(grid.GetCellData()->GetNumberOfArrays() == 3);
  unsigned int wrong_regions = 0, wrong_corners = 0, airway_cells = 0, mine = 0;
  for (vtkIdType c = 0; c < grid.GetNumberOfCells(); ++c)
  {
    vtkCell &cell = *grid.GetCell(c);
    const bool airway = in_airway<dim>(cell);
    airway_cells += airway ? 1 : 0;
    wrong_regions += region.GetValue(c) != (airway ? 1 : 0) ? 1 : 0;
    wrong_corners += is_cube<dim>(cell, 25.0 / (1 << level.GetValue(c))) ? 0 : 1;
    mine += rank.GetValue(c) == static_cast<int>(organ.triangulation().locally_owned_subdomain()) ? 1 : 0;
  }
  CHECK(wrong_regions == 0);
  CHECK(wrong_corners == 0);
  CHECK(airway_cells > 0);
  CHECK(mine == organ.triangulation().n_locally_owned_active_cells());
  CHECK(level.GetRange()[1] + 1 == organ.triangulation().n_global_levels());
}

template <int dim>
void check_points(vtkUnstructuredGrid &grid, const FieldSet<dim> &fields)
{
  std::set<dealii::types::global_dof_index> nodes;
  std::vector<dealii::types::global_dof_index> dofs(fields.fe.n_dofs_per_cell());
  for (const auto &cell : fields.dof_handler.active_cell_iterators())
    if (cell->is_locally_owned())
    {
      cell->get_dof_indices(dofs);
      nodes.insert(dofs.begin(), dofs.end());
    }
  const auto n_points = static_cast<std::uint64_t>(grid.GetNumberOfPoints());
  CHECK(n_points == dealii::Utilities::MPI::sum(std::uint64_t(nodes.size()), fields.organ.communicator()));
  if (dealii::Utilities::MPI::n_mpi_processes(fields.organ.communicator()) == 1)
    CHECK(n_points == fields.n_nodes());

  CHECK(grid.GetPoints()->GetDataType() == VTK_DOUBLE);
  CHECK(grid.GetPointData()->GetNumberOfArrays() == 2);
  auto &first = array_of<vtkDoubleArray>(grid.GetPointData(), array_name("tgf-<beta>"));
  auto &second = array_of<vtkDoubleArray>(grid.GetPointData(), "fn");
  CHECK(unit_of(first) == "nM");
  CHECK(unit_of(second) == "1");
  double worst = 0.0;
  for (vtkIdType p = 0; p < grid.GetNumberOfPoints(); ++p)
  {
    const double x = grid.GetPoint(p)[0], y = grid.GetPoint(p)[1];
    worst = std::max(
        {worst, std::abs(first.GetValue(p) - value_at(0, x, y)), std::abs(second.GetValue(p) - value_at(1, x, y))});
  }
  CHECK(worst < 1e-12);
}

template <typename Reader>
void read(Reader &reader, const std::string &path)
{
  reader.SetFileName(path.c_str());
  reader.Update();
  REQUIRE(reader.GetErrorCode() == 0);
}
} // namespace

TEMPLATE_TEST_CASE_SIG("Fields read back as they were written", "[io][mpi]",
                       ((int dim, int pieces, int refined), dim, pieces, refined), (2, 0, 0), (2, 1, 1), (3, 0, 0),
                       (3, 1, 0), (3, 2, 1), (3, 0, 2))
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const Organ<dim> organ(MPI_COMM_WORLD, block_with_airway(refined));
  const FieldsParameters parameters = two_fields({"tgf-<beta>", "fn"});
  FieldSet<dim> fields(organ, parameters);
  CHECK(fields.has_hanging_nodes() == (refined > 0));
  set_linear(fields);
  auto output = output_of(folder, fields, pieces);
  output.write(fields, 3, 30.5);
  CHECK_THAT(content_of(folder.path("fields.pvd")),
             Contains("timestep=\"30.5\"") && Contains("fields/fields_000003.pvtu"));

  const int n_ranks = static_cast<int>(dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD));
  const auto n_files = in_peace([&] {
    return std::distance(std::filesystem::directory_iterator(folder.path("fields")),
                         std::filesystem::directory_iterator());
  });
  CHECK(n_files == 1 + (pieces == 0 ? n_ranks : std::min(pieces, n_ranks)));

  vtkNew<vtkXMLPUnstructuredGridReader> reader;
  read(*reader, folder.path("fields/fields_000003.pvtu"));
  check_cells<dim>(*reader->GetOutput(), organ);
  check_points<dim>(*reader->GetOutput(), fields);

  vtkNew<vtkXMLUnstructuredGridReader> piece;
  read(*piece, folder.path("fields/fields_000003.0.vtu"));
  CHECK(unit_of(array_of<vtkDoubleArray>(piece->GetOutput()->GetPointData(), array_name("tgf-<beta>"))) == "nM");
  CHECK(unit_of(array_of<vtkDoubleArray>(piece->GetOutput()->GetPointData(), "fn")) == "1");
  for (vtkUnstructuredGrid *grid : {reader->GetOutput(), piece->GetOutput()})
  {
    vtkDataArray *time = grid->GetFieldData()->GetArray("TimeValue");
    REQUIRE(time != nullptr);
    CHECK(time->GetNumberOfTuples() == 1);
    CHECK(time->GetTuple1(0) == 30.5);
    CHECK(unit_of(*time) == "min");
    auto *names = vtkStringArray::SafeDownCast(grid->GetFieldData()->GetAbstractArray("region_names"));
    REQUIRE(names != nullptr);
    REQUIRE(names->GetNumberOfValues() == 2);
    CHECK(names->GetValue(0) == "parenchyma");
    CHECK(names->GetValue(1) == "airway");
  }
}

TEST_CASE("Ranks form groups of neighbours that give what they have to their first one", "[io][mpi]")
{
  const unsigned int rank = dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  for (const unsigned int n : {0u, 1u, 2u, 100u})
  {
    const RankGroups groups(MPI_COMM_WORLD, n);
    CHECK(groups.number() == (n == 0 ? n_ranks : std::min(n, n_ranks)));
    std::vector<std::uint64_t> mine(rank, rank); // none, 1, 2 2, ...
    const auto lengths = groups.gather(mine);
    CHECK(lengths.empty() == !groups.leads());
    for (std::size_t member = 0, at = 0; member < lengths.size(); ++member)
    {
      CHECK(lengths[member] == rank + member);
      for (std::size_t i = 0; i < lengths[member]; ++i)
        CHECK(mine.at(at++) == rank + member);
    }
    CHECK(dealii::Utilities::MPI::sum(groups.leads() ? mine.size() : 0, MPI_COMM_WORLD) == n_ranks * (n_ranks - 1) / 2);
  }
  CHECK(RankGroups::names("base", ".vtu", 11).at(3) == "base.03.vtu");
}

TEST_CASE("Mesh cells without tissue are written, with the value zero", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const Organ<2> organ(MPI_COMM_WORLD, block_with_airway());
  FieldsParameters parameters = two_fields({"fn"});
  parameters.fields[0].initial_value = 0.75;
  const FieldSet<2> fields(organ, parameters);
  output_of(folder, fields, 1).write(fields, 0, 0.0);
  vtkNew<vtkXMLPUnstructuredGridReader> reader;
  read(*reader, folder.path("fields/fields_000000.pvtu"));
  vtkUnstructuredGrid &grid = *reader->GetOutput();
  auto &value = array_of<vtkDoubleArray>(grid.GetPointData(), "fn");
  auto &region = array_of<vtkIntArray>(grid.GetCellData(), "region");
  unsigned int wrong = 0, zeros = 0;
  for (vtkIdType c = 0; c < grid.GetNumberOfCells(); ++c)
    for (vtkIdType i = 0; i < 4; ++i)
    {
      const double read_back = value.GetValue(grid.GetCell(c)->GetPointId(i));
      wrong += read_back == 0.75 || (read_back == 0.0 && region.GetValue(c) == 1) ? 0 : 1;
      zeros += read_back == 0.0 ? 1 : 0;
    }
  CHECK(wrong == 0);
  CHECK(zeros > 0);
}

TEST_CASE("The same fields give the same files", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const Organ<2> organ(MPI_COMM_WORLD, block_with_airway());
  const FieldsParameters parameters = two_fields({"tgf-beta", "fn"});
  FieldSet<2> fields(organ, parameters);
  set_linear(fields);
  std::string content[2];
  for (std::string &text : content)
  {
    const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
    output_of(folder, fields, 1).write(fields, 0, 0.0);
    text = content_of(folder.path("fields/fields_000000.0.vtu")) + content_of(folder.path("fields/fields_000000.pvtu"));
  }
  CHECK(!content[0].empty());
  CHECK((content[0] == content[1]));
  CHECK_THAT(content[0], !Contains(" on 20"));
}

TEST_CASE("Fields that would share a name in the files are refused", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const Organ<2> organ(MPI_COMM_WORLD, block_with_airway());
  for (const std::vector<std::string> &names :
       {std::vector<std::string>{"a-b", "a_b"}, {"region", "x"}, {"x", "rank"}, {"level", "x"}})
  {
    const FieldsParameters parameters = two_fields(names);
    const FieldSet<2> fields(organ, parameters);
    CHECK_THROWS_AS(output_of(folder, fields, 0), InputError);
  }
}

TEST_CASE("Fields that cannot be written are a fault on all ranks", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const Organ<2> organ(MPI_COMM_WORLD, block_with_airway());
  const FieldsParameters parameters = two_fields({"tgf-beta", "fn"});
  const FieldSet<2> fields(organ, parameters);
  auto output = output_of(folder, fields, 0);
  // In the way of the piece of the last rank.
  const unsigned int last = dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) - 1;
  const std::string piece = "fields/fields_000000." + std::to_string(last) + ".vtu";
  folder.make_folder(piece + "/full");
  CHECK_THAT(fault_of<std::runtime_error>([&] { output.write(fields, 0, 0.0); }), Contains(piece));
  CHECK(output.collection().entries().empty());
  CHECK_FALSE(std::filesystem::exists(folder.path("fields/fields_000000.pvtu")));
}
