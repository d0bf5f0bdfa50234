#include "test_io_folder.h"

#include "io/agent_output.h"

#include <catch2/catch.hpp>

#include <vtkAOSDataArrayTemplate.h>
#include <vtkCellArray.h>
#include <vtkDataArray.h>
#include <vtkFieldData.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPolyData.h>
#include <vtkStringArray.h>
#include <vtkXMLPPolyDataReader.h>
#include <vtkXMLPolyDataReader.h>

#include <map>

using namespace nidus;
using namespace nidus::test;
using Catch::Contains;

namespace
{
constexpr std::uint64_t large = (std::uint64_t(1) << 53) + 1; // no double holds it

AgentParameters two_types()
{
  AgentParameters parameters;
  parameters.types.resize(2);
  parameters.types[0].radius = 8.0;
  parameters.types[1].radius = 5.5;
  parameters.types[0].name = "fib";
  parameters.types[1].name = "csc";
  parameters.types[1].states.resize(2);
  parameters.types[1].states[0].name = "dormant";
  parameters.types[1].states[1].name = "growing";
  return parameters;
}

/// Agents with keys that interleave over the ranks, @p n on each.
template <int dim>
AgentPopulation<dim> population(const unsigned int n)
{
  const unsigned int rank = dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  AgentPopulation<dim> agents;
  for (unsigned int i = 0; i < n; ++i)
  {
    const unsigned int number = i * n_ranks + rank;
    AgentRecord<dim> record;
    record.key = large + 2 * number;
    record.mother = number == 0 ? 0 : ~std::uint64_t(0) - number;
    record.generation = number;
    record.type = static_cast<std::int32_t>(number % 2);
    record.state = static_cast<std::int32_t>(number % 3);
    record.born = 0.25 * number;
    for (unsigned int d = 0; d < dim; ++d)
    {
      record.position[d] = 0.1 * number + d;
      record.velocity[d] = 1.0 / 3.0 + d;
    }
    agents.append(record);
  }
  return agents;
}

/// One file for all ranks.
RankGroups together()
{
  return {MPI_COMM_WORLD, 1};
}

vtkPolyData &read(vtkXMLPolyDataReader &reader, const std::string &path)
{
  reader.SetFileName(path.c_str());
  reader.Update();
  return *reader.GetOutput();
}

template <int dim>
void check_points(vtkPolyData &data, const unsigned int n)
{
  const auto array = [&](const char *name) { return data.GetPointData()->GetArray(name); };
  REQUIRE(data.GetNumberOfPoints() == n);
  REQUIRE(data.GetNumberOfVerts() == n);
  auto *keys = vtkAOSDataArrayTemplate<vtkTypeUInt64>::FastDownCast(array("key"));
  auto *mothers = vtkAOSDataArrayTemplate<vtkTypeUInt64>::FastDownCast(array("mother"));
  REQUIRE(keys != nullptr);
  REQUIRE(mothers != nullptr);
  for (unsigned int i = 0; i < n; ++i)
  {
    CHECK(keys->GetValue(i) == large + 2 * i);
    CHECK(mothers->GetValue(i) == (i == 0 ? 0 : ~std::uint64_t(0) - i));
    CHECK(array("type")->GetTuple1(i) == i % 2);
    CHECK(array("state")->GetTuple1(i) == i % 3);
    CHECK(array("generation")->GetTuple1(i) == i);
    CHECK(array("radius")->GetTuple1(i) == (i % 2 == 0 ? 8.0 : 5.5));
    CHECK(array("age")->GetTuple1(i) == 100.5 - 0.25 * i);
    for (unsigned int d = 0; d < 3; ++d)
    {
      CHECK(data.GetPoint(i)[d] == (d < dim ? 0.1 * i + d : 0.0));
      CHECK(array("velocity")->GetComponent(i, static_cast<int>(d)) == (d < dim ? 1.0 / 3.0 + d : 0.0));
    }
  }
}
} // namespace

TEMPLATE_TEST_CASE_SIG("Agents read back as they were written", "[io][mpi]", ((int dim), dim), 2, 3)
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const AgentParameters parameters = two_types();
  AgentOutput<dim> output(folder, parameters, together());
  output.write(12, 100.5, population<dim>(7));
  CHECK_THAT(content_of(folder.path("agents.pvd")),
             Contains("timestep=\"100.5\"") && Contains("agents/agents_000012.vtp"));

  vtkNew<vtkXMLPolyDataReader> reader;
  vtkPolyData &data = read(*reader, folder.path("agents/agents_000012.vtp"));
  check_points<dim>(data, 7 * dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD));
  vtkDataArray *time = data.GetFieldData()->GetArray("TimeValue");
  REQUIRE(time != nullptr);
  CHECK(time->GetTuple1(0) == 100.5);
  const auto unit = [&](const char *name) {
    return std::string(data.GetPointData()->GetArray(name)->GetInformation()->Get(vtkDataArray::UNITS_LABEL()));
  };
  CHECK(unit("radius") == "um");
  CHECK(unit("age") == "min");
  CHECK(unit("velocity") == "um/min");
}

TEST_CASE("Agents in pieces are those of all ranks, with units and names", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const AgentParameters parameters = two_types();
  AgentOutput<3> output(folder, parameters, RankGroups(MPI_COMM_WORLD, 0), true);
  auto agents = population<3>(5);
  ObservedArray occupancy{"occupancy", "1", {}, {"cxcr4", "cxcr7"}};
  for (std::size_t i = 0; i < agents.size(); ++i)
  {
    agents.colony[i] = agents.key[i] + 1;
    occupancy.values.push_back(static_cast<double>(agents.key[i] - large));
    occupancy.values.push_back(-1.0);
  }
  output.write(4, 9.0, agents, {occupancy});

  const unsigned int n_ranks = dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  vtkNew<vtkXMLPolyDataReader> alone;
  vtkNew<vtkXMLPPolyDataReader> pieces;
  vtkXMLReader &reader = n_ranks == 1 ? static_cast<vtkXMLReader &>(*alone) : *pieces;
  reader.SetFileName(folder.path(output.collection().entries().at(0).second).c_str());
  reader.Update();
  REQUIRE(reader.GetErrorCode() == 0);
  auto &data = *vtkPolyData::SafeDownCast(reader.GetOutputDataObject(0));
  REQUIRE(data.GetNumberOfPoints() == 5 * n_ranks);
  const auto array = [&](const char *name) { return data.GetPointData()->GetArray(name); };
  auto *keys = vtkAOSDataArrayTemplate<vtkTypeUInt64>::FastDownCast(array("key"));
  auto *colonies = vtkAOSDataArrayTemplate<vtkTypeInt64>::FastDownCast(array("colony"));
  REQUIRE(keys != nullptr);
  REQUIRE(colonies != nullptr);
  std::map<std::uint64_t, vtkIdType> place;
  for (vtkIdType i = 0; i < data.GetNumberOfPoints(); ++i)
    place[keys->GetValue(i)] = i;
  for (unsigned int number = 0; number < 5 * n_ranks; ++number)
  {
    REQUIRE(place.count(large + 2 * number) == 1);
    const vtkIdType i = place[large + 2 * number];
    CHECK(static_cast<std::uint64_t>(colonies->GetValue(i)) == large + 2 * number + 1);
    CHECK(data.GetPoint(i)[1] == 0.1 * number + 1);
    CHECK(array("occupancy")->GetComponent(i, 0) == 2.0 * number);
    CHECK(array("occupancy")->GetComponent(i, 1) == -1.0);
  }
  CHECK(array("occupancy")->GetComponentName(0) == std::string("cxcr4"));
  CHECK(array("velocity")->GetInformation()->Get(vtkDataArray::UNITS_LABEL()) == std::string("um/min"));
  CHECK(data.GetFieldData()->GetArray("TimeValue")->GetTuple1(0) == 9.0);
  auto *states = vtkStringArray::SafeDownCast(data.GetFieldData()->GetAbstractArray("state_names"));
  REQUIRE(states != nullptr);
  REQUIRE(states->GetNumberOfValues() == 2);
  CHECK(states->GetValue(1) == "csc: growing");
}

TEST_CASE("No agents are written as an empty set with all arrays", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const AgentParameters parameters = two_types();
  AgentOutput<3> output(folder, parameters, together());
  output.write(0, 0.0, AgentPopulation<3>());
  CHECK(output.collection().entries().size() == 1);

  vtkNew<vtkXMLPolyDataReader> reader;
  vtkPolyData &data = read(*reader, folder.path("agents/agents_000000.vtp"));
  CHECK(data.GetNumberOfPoints() == 0);
  CHECK(data.GetPointData()->GetNumberOfArrays() == 8);
  CHECK(data.GetFieldData()->GetArray("TimeValue") != nullptr);
}

TEST_CASE("Agents that cannot be written are a fault on all ranks", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), OutputFolder::Mode::fresh);
  const AgentParameters parameters = two_types();
  AgentOutput<2> output(folder, parameters, together());
  folder.make_folder("agents/agents_000003.vtp/full");
  CHECK_THAT(fault_of<std::runtime_error>([&] { output.write(3, 1.0, population<2>(1)); }),
             Contains("agents_000003.vtp"));
  CHECK(output.collection().entries().empty());
}
