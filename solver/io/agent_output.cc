#include "io/agent_output.h"

#include "io/legend.h"
#include "io/outcome.h"
#include "io/piece_list.h"
#include "io/vtk_arrays.h"
#include "io/vtk_text.h"
#include "io/whole_file.h"

#include <deal.II/base/exceptions.h>

#include <vtkCellArray.h>
#include <vtkDoubleArray.h>
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
/// What is written of an agent, as it travels to the first rank of its group.
struct Dot
{
  std::uint64_t key, mother;
  std::int64_t colony;
  std::uint64_t place; ///< among the agents of the group, as they were gathered
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

/// The dots of a group on its first rank, sorted by key.
std::vector<Dot> sorted_dots(std::vector<Dot> dots, const RankGroups &groups)
{
  groups.gather(dots);
  for (std::size_t i = 0; i < dots.size(); ++i)
    dots[i].place = i;
  std::sort(dots.begin(), dots.end(), [](const Dot &a, const Dot &b) { return a.key < b.key; });
  return dots;
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
    set_unit(*array, unit);
  data.GetPointData()->AddArray(array);
}

/// Adds an array of numbers in the order in which they were gathered.
void add(vtkPolyData &data, const std::vector<Dot> &dots, const ObservedArray &numbers)
{
  const std::size_t width = numbers.width();
  vtkNew<vtkDoubleArray> array;
  array->SetName(numbers.name.c_str());
  array->SetNumberOfComponents(static_cast<int>(width));
  for (std::size_t c = 0; c < numbers.components.size(); ++c)
    array->SetComponentName(static_cast<vtkIdType>(c), numbers.components[c].c_str());
  array->SetNumberOfTuples(static_cast<vtkIdType>(dots.size()));
  for (std::size_t i = 0; i < dots.size(); ++i)
    array->SetTuple(static_cast<vtkIdType>(i), numbers.values.data() + dots[i].place * width);
  set_unit(*array, numbers.unit);
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
  set_unit(*velocity, "um/min");
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

/// The field data with the names of types and states.
void add_legend(vtkPolyData &data, const AgentParameters &parameters)
{
  std::vector<std::string> types, states;
  for (const auto &type : parameters.types)
  {
    types.push_back(type.name);
    for (const auto &state : type.states)
      states.push_back(type.name + ": " + state.name);
  }
  add_names(data, "type_names", types);
  add_names(data, "state_names", states);
}

void fill(vtkPolyData &data, const std::vector<Dot> &dots, const bool has_colonies,
          const std::vector<ObservedArray> &more)
{
  add_geometry(data, dots);
  add<vtkTypeUInt64Array>(data, dots, "key", &Dot::key);
  add<vtkTypeUInt64Array>(data, dots, "mother", &Dot::mother);
  add<vtkTypeInt32Array>(data, dots, "type", &Dot::type);
  add<vtkTypeInt32Array>(data, dots, "state", &Dot::state);
  add<vtkTypeInt32Array>(data, dots, "generation", &Dot::generation);
  add<vtkDoubleArray>(data, dots, "radius", &Dot::radius, "um");
  add<vtkDoubleArray>(data, dots, "age", &Dot::age, "min");
  if (has_colonies)
    add<vtkTypeInt64Array>(data, dots, "colony", &Dot::colony);
  for (const auto &array : more)
    add(data, dots, array);
}

/// The list of pieces that have the arrays of @p data.
PieceList list_of(vtkPolyData &data)
{
  PieceList list{"PolyData", {}, {}};
  vtkPointData &arrays = *data.GetPointData();
  for (int a = 0; a < arrays.GetNumberOfArrays(); ++a)
  {
    vtkDataArray &array = *arrays.GetArray(a);
    const bool whole = array.GetDataType() != VTK_DOUBLE;
    const bool is_signed = array.GetDataTypeMin() < 0.0;
    ListedArray listed{array.GetName(), "Float64", "", {}};
    if (whole)
      listed.type = std::string(is_signed ? "Int" : "UInt") + std::to_string(8 * array.GetDataTypeSize());
    if (const char *unit = array.GetInformation()->Get(vtkDataArray::UNITS_LABEL()); unit != nullptr)
      listed.unit = unit;
    const bool is_vector = array.GetNumberOfComponents() > 1 || array.HasAComponentName();
    for (int c = 0; is_vector && c < array.GetNumberOfComponents(); ++c)
      listed.components.emplace_back(array.GetComponentName(c) == nullptr ? "" : array.GetComponentName(c));
    list.at_points.push_back(listed);
  }
  return list;
}
} // namespace

template <int dim>
AgentOutput<dim>::AgentOutput(const OutputFolder &folder, const AgentParameters &parameters, const RankGroups &groups,
                              const bool has_colonies)
    : folder(folder), parameters(parameters), groups(groups), has_colonies(has_colonies), times(folder, "agents.pvd")
{
  folder.make_folder("agents");
}

template <int dim>
void AgentOutput<dim>::write(const std::uint64_t number, const double time, const AgentPopulation<dim> &agents,
                             const std::vector<ObservedArray> &more)
{
  const std::vector<Dot> dots = sorted_dots(dots_of(agents, parameters, time), groups);
  std::vector<ObservedArray> gathered;
  for (ObservedArray array : more)
  {
    array.name = array_name(array.name);
    groups.gather(array.values);
    gathered.push_back(std::move(array));
  }
  char base[40];
  std::snprintf(base, sizeof base, "agents_%06llu", static_cast<unsigned long long>(number));
  const bool in_pieces = groups.number() > 1;
  vtkNew<vtkPolyData> data;
  on_every_rank(folder.communicator(), [&] {
    if (!groups.leads())
      return;
    fill(*data, dots, has_colonies, gathered);
    add_time(*data, time);
    add_legend(*data, parameters);
    write_whole_file(folder.path("agents/" + (in_pieces ? groups.piece(base, ".vtp") : std::string(base) + ".vtp")),
                     vtk_text<vtkXMLPolyDataWriter>(*data, std::to_string(dots.size()) + " agents"));
  });
  const std::string file = std::string("agents/") + base + (in_pieces ? ".pvtp" : ".vtp");
  if (in_pieces)
    folder.write(file, list_of(*data).text(groups.pieces(base, ".vtp")));
  times.add(time, file);
}

template class AgentOutput<2>;
template class AgentOutput<3>;
} // namespace nidus
