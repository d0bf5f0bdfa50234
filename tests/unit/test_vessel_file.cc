// Vessels are read as they were written, and what is wrong with them is named.
#include "measured.h"
#include "organ/vessel_file.h"
#include "organ/vessel_flow.h"

#include "control/input_error.h"

#include <deal.II/base/mpi.h>

#include <catch2/catch.hpp>

#include <vtkCellArray.h>
#include <vtkCellData.h>
#include <vtkDoubleArray.h>
#include <vtkIdList.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataWriter.h>
#include <vtkUnstructuredGrid.h>
#include <vtkUnstructuredGridWriter.h>
#include <vtkWriter.h>
#include <vtkXMLPolyDataWriter.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>

using namespace nidus;

namespace
{
bool is_root()
{
  return dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
}

/// A Y of two polylines that share no point of the file: the second repeats the fork.
struct Fork
{
  std::vector<dealii::Point<3>> points = {{0, 0, 0}, {50, 0, 0}, {100, 0, 0}, {50, 0, 0}, {80, 40, 0}};
  std::vector<std::vector<int>> lines = {{0, 1, 2}, {3, 4}};
  std::vector<double> radii = {5.0, 3.0}; ///< of lines
  std::vector<double> pressures = {3000.0, std::numeric_limits<double>::quiet_NaN(), 1000.0, 7.0, 1000.0};
};

template <typename Data>
void fill(Data &data, const Fork &fork, const bool radius_of_points = false)
{
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  vtkNew<vtkDoubleArray> radius, pressure;
  radius->SetName("r");
  pressure->SetName("p");
  for (std::size_t i = 0; i < fork.points.size(); ++i)
  {
    points->InsertNextPoint(fork.points[i][0], fork.points[i][1], fork.points[i][2]);
    pressure->InsertNextValue(fork.pressures[i]);
    if (radius_of_points)
      radius->InsertNextValue(i < 3 ? fork.radii[0] : fork.radii[1]);
  }
  data.SetPoints(points);
  data.GetPointData()->AddArray(pressure);
  if (radius_of_points)
    data.GetPointData()->AddArray(radius);
  else
  {
    for (const double r : fork.radii)
      radius->InsertNextValue(r);
    data.GetCellData()->AddArray(radius);
  }
}

vtkSmartPointer<vtkPolyData> polydata(const Fork &fork, const bool radius_of_points = false)
{
  auto data = vtkSmartPointer<vtkPolyData>::New();
  fill(*data, fork, radius_of_points);
  vtkNew<vtkCellArray> lines;
  for (const auto &line : fork.lines)
  {
    lines->InsertNextCell(static_cast<int>(line.size()));
    for (const int point : line)
      lines->InsertCellPoint(point);
  }
  data->SetLines(lines);
  return data;
}

/// A legacy file in ASCII has no way to say that a number is none.
int legacy_type(const Fork &fork)
{
  return std::all_of(fork.pressures.begin(), fork.pressures.end(), [](const double p) { return std::isfinite(p); })
             ? VTK_ASCII
             : VTK_BINARY;
}

void write(const std::string &file, const Fork &fork, const bool radius_of_points = false)
{
  if (!is_root())
    return;
  if (file.find("grid") != std::string::npos)
  {
    vtkNew<vtkUnstructuredGrid> grid;
    fill(*grid, fork, radius_of_points);
    for (const auto &line : fork.lines)
    {
      vtkNew<vtkIdList> ids;
      for (const int point : line)
        ids->InsertNextId(point);
      grid->InsertNextCell(VTK_POLY_LINE, ids);
    }
    vtkNew<vtkUnstructuredGridWriter> writer;
    writer->SetInputData(grid);
    writer->SetFileType(legacy_type(fork));
    writer->SetFileName(file.c_str());
    writer->Write();
  }
  else if (file.find(".vtp") != std::string::npos)
  {
    vtkNew<vtkXMLPolyDataWriter> writer;
    writer->SetInputData(polydata(fork, radius_of_points));
    writer->SetFileName(file.c_str());
    writer->Write();
  }
  else
  {
    vtkNew<vtkPolyDataWriter> writer;
    writer->SetFileType(legacy_type(fork));
    writer->SetInputData(polydata(fork, radius_of_points));
    writer->SetFileName(file.c_str());
    writer->Write();
  }
}

VesselParameters parameters_of(const std::string &file)
{
  VesselParameters parameters;
  parameters.source = "file";
  parameters.file.file = file;
  parameters.file.radius_array = "r";
  parameters.file.pressure_array = "p";
  return parameters;
}

VesselNetwork read(const VesselParameters &parameters)
{
  MPI_Barrier(MPI_COMM_WORLD);
  return read_vessels(MPI_COMM_WORLD, parameters);
}

std::string refusal_of(const VesselParameters &parameters)
{
  MPI_Barrier(MPI_COMM_WORLD);
  try
  {
    read_vessels(MPI_COMM_WORLD, parameters);
  }
  catch (const InputError &error)
  {
    return error.what();
  }
  return "";
}

void check_fork(const VesselNetwork &network)
{
  REQUIRE(network.points.size() == 4);
  REQUIRE(network.segments.size() == 3);
  CHECK(network.repairs.at("coincident points merged") == 1);
  CHECK(network.n_components == 1);
  CHECK(network.points[3] == dealii::Point<3>(80, 40, 0));
  const double radii[] = {5.0, 5.0, 3.0};
  for (unsigned int s = 0; s < 3; ++s)
    CHECK(network.segments[s].radius == Approx(radii[s]));
  // The value at the fork is not read: it is no end.
  CHECK(network.pressures == std::map<std::uint32_t, double>{{0, 3000.0}, {2, 1000.0}, {3, 1000.0}});
}

struct Removed
{
  explicit Removed(std::string name) : name(std::move(name)) {}
  ~Removed()
  {
    MPI_Barrier(MPI_COMM_WORLD);
    if (is_root())
      std::filesystem::remove(name);
  }
  std::string name;
};
} // namespace

TEST_CASE("Vessels come back from every kind of VTK file", "[vessels][mpi]")
{
  for (const std::string name : {"fork.vtp", "fork.vtk", "fork_grid.vtk"})
    for (const bool radius_of_points : {false, true})
    {
      INFO(name << (radius_of_points ? ", radius of points" : ", radius of cells"));
      const Removed file(name);
      write(name, Fork(), radius_of_points);
      if (!radius_of_points)
        check_fork(read(parameters_of(name)));
      else
        CHECK(read(parameters_of(name)).segments[2].radius == Approx(3.0));
    }
}

TEST_CASE("Unit and shift of a file of vessels", "[vessels]")
{
  const Removed file("scaled.vtp");
  write(file.name, Fork());
  auto parameters = parameters_of(file.name);
  parameters.file.length_unit = "mm";
  parameters.file.shift = {1.0, 2.0, 3.0};
  const auto network = read(parameters);
  CHECK(network.points[1] == dealii::Point<3>(50001.0, 2.0, 3.0));
  CHECK(network.segments[0].radius == Approx(5000.0));
}

TEST_CASE("Vessels come from SWC, with pressures of the parameter file", "[vessels][mpi]")
{
  const Removed file("fork.swc");
  if (is_root())
    std::ofstream(file.name) << "# a fork\n1 2 0 0 0 5 -1\n2 2 50 0 0 5 1\n3 2 100 0 0 5 2\n9 2 80 40 0 3 2\n";
  auto parameters = parameters_of(file.name);
  parameters.inlets = "0.5, 0, 0, 3000";
  parameters.outlets = "100, 0, 0, 1000; 80, 40, 1, 1000";
  parameters.resolve(3, "block", "");
  const auto network = read(parameters);
  REQUIRE(network.segments.size() == 3);
  CHECK(network.segments[2].radius == Approx(4.0)); // mean of the two nodes
  CHECK(network.pressures == std::map<std::uint32_t, double>{{0, 3000.0}, {2, 1000.0}, {3, 1000.0}});
}

TEST_CASE("What is wrong with a file of vessels is named, with its place", "[vessels][mpi]")
{
  using Catch::Contains;
  SECTION("radii that are not above zero")
  {
    const Removed file("thin.vtp");
    Fork fork;
    fork.radii[1] = GENERATE(0.0, -2.0);
    write(file.name, fork);
    CHECK_THAT(refusal_of(parameters_of(file.name)),
               Contains("1 of 3 segments") && Contains("(50, 0, 0) um and (80, 40, 0) um"));
  }
  SECTION("a component without pressures, or with one only")
  {
    const Removed file("parts.vtp");
    Fork fork;
    fork.points[3] = {50, 10, 0};
    fork.pressures[3] = fork.pressures[4] = std::numeric_limits<double>::quiet_NaN();
    write(file.name, fork);
    CHECK_THAT(refusal_of(parameters_of(file.name)),
               Contains("part 2 of 2") && Contains("(50, 10, 0) um") && Contains("no point"));
    fork.pressures[4] = 1000.0;
    write(file.name, fork);
    CHECK_THAT(refusal_of(parameters_of(file.name)), Contains("one point only"));
  }
  SECTION("arrays that are not there")
  {
    const Removed file("arrays.vtp");
    write(file.name, Fork());
    auto parameters = parameters_of(file.name);
    parameters.file.radius_array = "radius";
    CHECK_THAT(refusal_of(parameters), Contains("Radius array") && Contains("r of cells") && Contains("p of points"));
    parameters.file.radius_array = "r";
    parameters.file.pressure_array = "pressure";
    CHECK_THAT(refusal_of(parameters), Contains("Pressure array"));
  }
  SECTION("a place that is at no vessel")
  {
    const Removed file("away.vtp");
    write(file.name, Fork());
    auto parameters = parameters_of(file.name);
    parameters.inlets = "0, 300, 0, 3000";
    parameters.resolve(3, "block", "");
    CHECK_THAT(refusal_of(parameters), Contains("Vessels/Inlets") && Contains("0, 300, 0, 3000"));
  }
  SECTION("files that are not whole")
  {
    for (const std::string name : {"cut.vtp", "cut.vtk", "cut_grid.vtk", "cut_ascii.vtk", "cut_ascii_grid.vtk"})
    {
      Fork fork;
      if (name.find("ascii") != std::string::npos)
        fork.pressures[1] = 2000.0;
      write(name, fork);
      const Removed file(name);
      MPI_Barrier(MPI_COMM_WORLD);
      const auto size = std::filesystem::file_size(name);
      for (const double part : {0.95, 0.6, 0.3, 0.02})
      {
        INFO(name << " cut to " << part);
        MPI_Barrier(MPI_COMM_WORLD);
        if (is_root())
          std::filesystem::resize_file(name, static_cast<std::uintmax_t>(part * static_cast<double>(size)));
        CHECK_THAT(refusal_of(parameters_of(name)), Contains(name) && Contains("Cure"));
      }
    }
  }
  SECTION("SWC that is not whole or refers to nothing")
  {
    const Removed file("bad.swc");
    const std::string text =
        GENERATE("1 2 0 0 0 5 -1\n2 2 50 0\n", "1 2 0 0 0 5 -1\n2 2 50 0 0 5 7\n", "1 2 0 0 0 5 -1\n1 2 5 0 0 5 1\n");
    if (is_root())
      std::ofstream(file.name) << text;
    CHECK_THAT(refusal_of(parameters_of(file.name)), Contains("line 2"));
  }
  SECTION("no file, no known kind")
  {
    CHECK_THAT(refusal_of(parameters_of("no_such.vtp")), Contains("no_such.vtp"));
    CHECK_THAT(refusal_of(parameters_of("network.stl")), Contains(".swc"));
  }
}

TEST_CASE("Flow in the capillaries of a rat's cortex", "[.vessel_data]")
{
  const char *data = std::getenv("NIDUS_DATA");
  const std::string file =
      std::string(data == nullptr ? "" : data) + "/rat_cortex_capillary_network/ratbrain_um_largest_component.vtp";
  if (!std::filesystem::exists(file))
  {
    WARN("SKIPPED: set NIDUS_DATA to the folder that holds rat_cortex_capillary_network");
    return;
  }
  VesselParameters parameters;
  parameters.source = "file";
  parameters.file.file = file;
  parameters.file.radius_array = "radius_um";
  parameters.file.pressure_array = "boundary_pressure_Pa";
  const auto network = read(parameters);
  CHECK(network.points.size() == 12091);
  CHECK(network.segments.size() == 14511);
  CHECK(network.n_components == 1);
  const auto flow = solve_flow(MPI_COMM_WORLD, network, {1.2, true});
  const auto murray = fit_murray(network, flow);
  test::measured("vessels", "rat cortex: inflow [nL/min]", flow.inflow * 1e-6, "no reference");
  test::measured("vessels", "rat cortex: conservation at a point, per inflow", flow.imbalance, "< 1e-12");
  test::measured("vessels", "rat cortex: Murray's exponent, median", murray.median, "2 to 3 is usual");
  CHECK(flow.imbalance < 1e-12);
  // Pressures inside lie between those at the ends.
  double low = 1e300, high = -1e300;
  for (const auto &[point, pressure] : network.pressures)
  {
    low = std::min(low, pressure);
    high = std::max(high, pressure);
  }
  for (const double pressure : flow.pressure)
  {
    CHECK(pressure > low - 1e-6);
    CHECK(pressure < high + 1e-6);
  }
}
