#include "io/agent_output.h"

#include "io/outcome.h"
#include "io/vtk_text.h"
#include "io/whole_file.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>

#include <vtkCellArray.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkTypeInt32Array.h>
#include <vtkTypeUInt64Array.h>
#include <vtkXMLPolyDataWriter.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace nidus
{
namespace
{
/// What is written of an agent, as it travels to rank 0.
struct Dot
{
  std::uint64_t key, mother;
  double position[3], velocity[3];
  double radius, age;
  std::int32_t type, state, generation;
};
static_assert(std::is_trivially_copyable_v<Dot>, "sent as bytes");

template <int dim>
std::vector<Dot> dots_of(const AgentPopulation<dim> &agents, const AgentParameters &parameters, const double time)
{
  std::vector<Dot> dots;
  dots.reserve(agents.size());
  for (std::size_t i = 0; i < agents.size(); ++i)
  {
    AssertIndexRange(static_cast<std::size_t>(agents.type[i]), parameters.types.size());
    Dot dot{};
    dot.key = agents.key[i];
    dot.mother = agents.mother[i];
    for (unsigned int d = 0; d < dim; ++d)
    {
      dot.position[d] = agents.position[i][d];
      dot.velocity[d] = agents.velocity[i][d];
    }
    dot.radius = parameters.types[static_cast<std::size_t>(agents.type[i])].radius;
    dot.age = time - agents.born[i];
    dot.type = agents.type[i];
    dot.state = agents.state[i];
    dot.generation = static_cast<std::int32_t>(agents.generation[i]);
    dots.push_back(dot);
  }
  return dots;
}

/// All dots on rank 0, sorted by key; nothing on the others. Collective.
std::vector<Dot> gather_dots(const std::vector<Dot> &mine, MPI_Comm comm)
{
  const int n_mine = static_cast<int>(mine.size());
  const bool is_root = dealii::Utilities::MPI::this_mpi_process(comm) == 0;
  std::vector<int> numbers(is_root ? dealii::Utilities::MPI::n_mpi_processes(comm) : 0), offsets(numbers.size());
  MPI_Gather(&n_mine, 1, MPI_INT, numbers.data(), 1, MPI_INT, 0, comm);
  int n_all = 0;
  for (std::size_t rank = 0; rank < numbers.size(); ++rank)
  {
    offsets[rank] = n_all;
    n_all += numbers[rank];
  }
  std::vector<Dot> all(static_cast<std::size_t>(n_all));
  MPI_Datatype dot_type;
  MPI_Type_contiguous(sizeof(Dot), MPI_BYTE, &dot_type);
  MPI_Type_commit(&dot_type);
  MPI_Gatherv(mine.data(), n_mine, dot_type, all.data(), numbers.data(), offsets.data(), dot_type, 0, comm);
  MPI_Type_free(&dot_type);
  std::sort(all.begin(), all.end(), [](const Dot &a, const Dot &b) { return a.key < b.key; });
  return all;
}

/// Adds an array with one number per dot.
template <typename Array, typename Number>
void add(vtkPolyData &data, const std::vector<Dot> &dots, const char *name, Number Dot::*member,
         const char *unit = nullptr)
{
  vtkNew<Array> array;
  array->SetName(name);
  array->SetNumberOfTuples(static_cast<vtkIdType>(dots.size()));
  for (std::size_t i = 0; i < dots.size(); ++i)
    array->SetValue(static_cast<vtkIdType>(i), dots[i].*member);
  if (unit != nullptr)
    array->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), unit);
  data.GetPointData()->AddArray(array);
}

void add_geometry(vtkPolyData &data, const std::vector<Dot> &dots)
{
  vtkNew<vtkPoints> points;
  points->SetDataTypeToDouble();
  points->SetNumberOfPoints(static_cast<vtkIdType>(dots.size()));
  vtkNew<vtkCellArray> vertices;
  vtkNew<vtkDoubleArray> velocity;
  velocity->SetName("velocity");
  velocity->SetNumberOfComponents(3);
  velocity->SetNumberOfTuples(static_cast<vtkIdType>(dots.size()));
  velocity->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), "um/min");
  for (std::size_t i = 0; i < dots.size(); ++i)
  {
    const auto id = static_cast<vtkIdType>(i);
    points->SetPoint(id, dots[i].position);
    velocity->SetTuple(id, dots[i].velocity);
    vertices->InsertNextCell(1, &id);
  }
  data.SetPoints(points);
  data.SetVerts(vertices);
  data.GetPointData()->AddArray(velocity);
}

/// The text of the .vtp file. Throws std::runtime_error.
std::string vtp_text(const std::vector<Dot> &dots, const double time)
{
  vtkNew<vtkPolyData> data;
  add_geometry(*data, dots);
  add<vtkTypeUInt64Array>(*data, dots, "key", &Dot::key);
  add<vtkTypeUInt64Array>(*data, dots, "mother", &Dot::mother);
  add<vtkTypeInt32Array>(*data, dots, "type", &Dot::type);
  add<vtkTypeInt32Array>(*data, dots, "state", &Dot::state);
  add<vtkTypeInt32Array>(*data, dots, "generation", &Dot::generation);
  add<vtkDoubleArray>(*data, dots, "radius", &Dot::radius, "um");
  add<vtkDoubleArray>(*data, dots, "age", &Dot::age, "min");

  vtkNew<vtkDoubleArray> time_value;
  time_value->SetName("TimeValue");
  time_value->InsertNextValue(time);
  time_value->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), "min");
  data->GetFieldData()->AddArray(time_value);

  return vtk_text<vtkXMLPolyDataWriter>(*data, std::to_string(dots.size()) + " agents");
}
} // namespace

template <int dim>
AgentOutput<dim>::AgentOutput(const OutputFolder &folder, const AgentParameters &parameters)
    : folder(folder), parameters(parameters), times(folder, "agents.pvd")
{
  folder.make_folder("agents");
}

template <int dim>
void AgentOutput<dim>::write(const std::uint64_t number, const double time, const AgentPopulation<dim> &agents)
{
  MPI_Comm comm = folder.communicator();
  const std::vector<Dot> dots = gather_dots(dots_of(agents, parameters, time), comm);
  char file[48];
  std::snprintf(file, sizeof file, "agents/agents_%06llu.vtp", static_cast<unsigned long long>(number));
  on_root(comm, [&] { write_whole_file(folder.path(file), vtp_text(dots, time)); });
  times.add(time, file);
}

template class AgentOutput<2>;
template class AgentOutput<3>;
} // namespace nidus
