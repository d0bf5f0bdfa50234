#include "test_io_folder.h"

#include "control/input_error.h"
#include "fields/field_set.h"
#include "io/field_output.h"

#include <catch2/catch.hpp>
#include <deal.II/dofs/dof_tools.h>

#include <vtkCell.h>
#include <vtkDataArray.h>
#include <vtkFieldData.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkUnstructuredGrid.h>
#include <vtkXMLPUnstructuredGridReader.h>
#include <vtkXMLUnstructuredGridReader.h>

#include <cmath>
#include <map>

using namespace nidus;
using namespace nidus::test;
using Catch::Matchers::Contains;

namespace
{
OrganParameters block_with_airway()
{
  OrganParameters parameters;
  parameters.cell_size = 25.0;
  parameters.block.size = {200.0, 200.0, 200.0};
  parameters.block.lumen_radius = 60.0;
  RegionParameters tissue, airway;
  tissue.name = "parenchyma";
  airway.name = "airway";
  airway.tissue = false;
  parameters.regions = {tissue, airway};
  return parameters;
}

FieldsParameters two_fields(const std::vector<std::string> &names)
{
  FieldsParameters parameters;
  for (const std::string &name : names)
  {
    FieldParameters field;
    field.name = name;
    parameters.fields.push_back(field);
  }
  parameters.fields.back().unit = "1";
  return parameters;
}

/// Sets field s to (s + 1) x + 2 y.
template <int dim>
void set_linear(FieldSet<dim> &fields)
{
  std::map<dealii::types::global_dof_index, dealii::Point<dim>> points;
  dealii::DoFTools::map_dofs_to_support_points(fields.organ.mapping(), fields.dof_handler, points);
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
  {
    dealii::LinearAlgebra::distributed::Vector<double> vector(fields.owned, fields.organ.communicator());
    for (const auto node : fields.owned)
      vector[node] = (s + 1) * points.at(node)[0] + 2 * points.at(node)[1];
    fields.insert(s, vector);
  }
  fields.update_ghosts();
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

template <int dim>
void check_grid(vtkUnstructuredGrid &grid, const FieldSet<dim> &fields)
{
  REQUIRE(static_cast<std::uint64_t>(grid.GetNumberOfCells()) == fields.organ.triangulation().n_global_active_cells());
  vtkDataArray *first = grid.GetPointData()->GetArray("tgf_beta");
  vtkDataArray *second = grid.GetPointData()->GetArray("fn");
  vtkDataArray *region = grid.GetPointData()->GetArray("region");
  vtkDataArray *rank = grid.GetPointData()->GetArray("rank");
  REQUIRE((first != nullptr && second != nullptr && region != nullptr && rank != nullptr));
  double worst = 0.0;
  unsigned int wrong_regions = 0, airway_cells = 0;
  for (vtkIdType c = 0; c < grid.GetNumberOfCells(); ++c)
  {
    vtkCell &cell = *grid.GetCell(c);
    const bool airway = in_airway<dim>(cell);
    airway_cells += airway ? 1 : 0;
    for (vtkIdType i = 0; i < cell.GetNumberOfPoints(); ++i)
    {
      const vtkIdType point = cell.GetPointId(i);
      const double x = grid.GetPoint(point)[0], y = grid.GetPoint(point)[1];
      wrong_regions += region->GetTuple1(point) != (airway ? 1.0 : 0.0) ? 1 : 0;
      if (!airway)
        worst = std::max({worst, std::abs(first->GetTuple1(point) - (x + 2 * y)),
                          std::abs(second->GetTuple1(point) - (2 * x + 2 * y))});
    }
  }
  CHECK(worst < 1e-3); // single precision of numbers up to 800
  CHECK(wrong_regions == 0);
  CHECK(airway_cells > 0);
  CHECK(rank->GetRange()[1] + 1 == dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD));
}
} // namespace

TEMPLATE_TEST_CASE_SIG("Fields read back as they were written", "[io][mpi]", ((int dim, int pieces), dim, pieces),
                       (2, 0), (2, 1), (3, 0), (3, 1), (3, 2))
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const Organ<dim> organ(MPI_COMM_WORLD, block_with_airway());
  const FieldsParameters parameters = two_fields({"tgf-beta", "fn"});
  FieldSet<dim> fields(organ, parameters);
  set_linear(fields);
  FieldOutput<dim> output(folder, fields, pieces);
  output.write(3, 30.5);
  CHECK_THAT(content_of(folder.path("fields.pvd")),
             Contains("timestep=\"30.5\"") && Contains("fields/fields_000003.pvtu"));

  const int n_ranks = static_cast<int>(dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD));
  const auto n_files = in_peace([&] {
    return std::distance(std::filesystem::directory_iterator(folder.path("fields")),
                         std::filesystem::directory_iterator());
  });
  CHECK(n_files == 1 + (pieces == 0 ? n_ranks : std::min(pieces, n_ranks)));

  vtkNew<vtkXMLPUnstructuredGridReader> reader;
  reader->SetFileName(folder.path("fields/fields_000003.pvtu").c_str());
  reader->Update();
  check_grid<dim>(*reader->GetOutput(), fields);

  vtkNew<vtkXMLUnstructuredGridReader> piece;
  piece->SetFileName(folder.path("fields/fields_000003.0.vtu").c_str());
  piece->Update();
  vtkDataArray *time = piece->GetOutput()->GetFieldData()->GetArray("TIME");
  REQUIRE(time != nullptr);
  CHECK(time->GetNumberOfTuples() == 1);
  CHECK(time->GetTuple1(0) == 30.5);
  const std::string text = content_of(folder.path("fields/fields_000003.0.vtu"));
  CHECK_THAT(text, Contains("Name=\"tgf_beta\" format=\"binary\" units=\"nM\""));
  CHECK_THAT(text, Contains("Name=\"fn\" format=\"binary\" units=\"1\""));
  CHECK(text.find("<FieldData>") == text.rfind("<FieldData>"));
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
    FieldOutput<2>(folder, fields, 1).write(0, 0.0);
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
  for (const std::vector<std::string> &names : {std::vector<std::string>{"a-b", "a_b"}, {"region", "x"}})
  {
    const FieldsParameters parameters = two_fields(names);
    const FieldSet<2> fields(organ, parameters);
    CHECK_THROWS_AS(FieldOutput<2>(folder, fields, 0), InputError);
  }
}

TEST_CASE("Fields that cannot be written are a fault on all ranks", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const Organ<2> organ(MPI_COMM_WORLD, block_with_airway());
  const FieldsParameters parameters = two_fields({"tgf-beta", "fn"});
  const FieldSet<2> fields(organ, parameters);
  FieldOutput<2> output(folder, fields, 0);
  // In the way of the piece of the last rank.
  const unsigned int last = dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) - 1;
  const std::string piece = "fields/fields_000000." + std::to_string(last) + ".vtu";
  folder.make_folder(piece + "/full");
  CHECK_THAT(fault_of<std::runtime_error>([&] { output.write(0, 0.0); }), Contains(piece));
  CHECK(output.collection().entries().empty());
  CHECK_FALSE(std::filesystem::exists(folder.path("fields/fields_000000.pvtu")));
}
