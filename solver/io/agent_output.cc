#include "io/agent_output.h"

#include "io/legend.h"
#include "io/outcome.h"
#include "io/vtk_text.h"
#include "io/whole_file.h"
#include "observables/gathered.h"

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
#include <vtkTypeInt64Array.h>
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
  std::int64_t colony;
  std::uint64_t place; ///< among the agents of all ranks, as they were gathered
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
    dot.colony = static_cast<std::int64_t>(agents.colony[i]);
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
std::vector<Dot> sorted_dots(const std::vector<Dot> &mine, MPI_Comm comm)
{
  std::vector<Dot> all = gather_on_first(comm, mine).all;
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i].place = i;
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

/// Adds an array of numbers in the order in which they were gathered.
void add(vtkPolyData &data, const std::vector<Dot> &dots, const ObservedArray &numbers)
{
  vtkNew<vtkDoubleArray> array;
  array->SetName(numbers.name.c_str());
  array->SetNumberOfTuples(static_cast<vtkIdType>(dots.size()));
  for (std::size_t i = 0; i < dots.size(); ++i)
    array->SetValue(static_cast<vtkIdType>(i), numbers.values[dots[i].place]);
  array->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), numbers.unit.c_str());
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
std::string vtp_text(const std::vector<Dot> &dots, const bool has_colonies, const std::vector<ObservedArray> &more,
                     const double time)
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
  if (has_colonies)
    add<vtkTypeInt64Array>(*data, dots, "colony", &Dot::colony);
  for (const auto &array : more)
    add(*data, dots, array);

  vtkNew<vtkDoubleArray> time_value;
  time_value->SetName("TimeValue");
  time_value->InsertNextValue(time);
  time_value->GetInformation()->Set(vtkDataArray::UNITS_LABEL(), "min");
  data->GetFieldData()->AddArray(time_value);

  return vtk_text<vtkXMLPolyDataWriter>(*data, std::to_string(dots.size()) + " agents");
}
} // namespace

template <int dim>
AgentOutput<dim>::AgentOutput(const OutputFolder &folder, const AgentParameters &parameters, const bool has_colonies)
    : folder(folder), parameters(parameters), has_colonies(has_colonies), times(folder, "agents.pvd")
{
  folder.make_folder("agents");
}

template <int dim>
void AgentOutput<dim>::write(const std::uint64_t number, const double time, const AgentPopulation<dim> &agents,
                             const std::vector<ObservedArray> &more)
{
  MPI_Comm comm = folder.communicator();
  const std::vector<Dot> dots = sorted_dots(dots_of(agents, parameters, time), comm);
  std::vector<ObservedArray> gathered;
  for (const auto &array : more)
    gathered.push_back({array_name(array.name), array.unit, gather_on_first(comm, array.values).all});
  char file[48];
  std::snprintf(file, sizeof file, "agents/agents_%06llu.vtp", static_cast<unsigned long long>(number));
  on_root(comm, [&] { write_whole_file(folder.path(file), vtp_text(dots, has_colonies, gathered, time)); });
  times.add(time, file);
}

template class AgentOutput<2>;
template class AgentOutput<3>;
} // namespace nidus
