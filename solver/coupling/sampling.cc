#include "coupling/sampling.h"

#include "coupling/interpolation.h"
#include "organ/multilinear.h"

#include <algorithm>
#include <set>
#include <type_traits>

namespace nidus
{
namespace
{
/// Fields that any type follows.
std::vector<unsigned int> followed_fields(const AgentParameters &agents)
{
  std::set<unsigned int> fields;
  for (const auto &type : agents.types)
  {
    for (const auto &receptor : type.receptors)
      if (receptor.sensitivity != 0.0)
        for (const auto &ligand : receptor.ligand_fields)
          fields.insert(static_cast<unsigned int>(ligand.first));
    for (const auto &matrix : type.haptotaxis_fields)
      fields.insert(static_cast<unsigned int>(matrix.first));
  }
  return {fields.begin(), fields.end()};
}
} // namespace

template <int dim>
Sampling<dim>::Reader::Reader(const Sampling &sampling, Vec state)
    : nodes(sampling.nodes), n(sampling.fields.n_fields()), vector(state)
{
  VecGhostGetLocalForm(vector, &form);
  VecGetArrayRead(form, &values);
}

template <int dim>
Sampling<dim>::Reader::~Reader()
{
  VecRestoreArrayRead(form, &values);
  VecGhostRestoreLocalForm(vector, &form);
}

template <int dim>
void Sampling<dim>::Reader::at(const std::uint32_t cell, const dealii::Point<dim> &reference, double *target) const
{
  const auto &vertices = nodes.nodes(cell);
  const auto interpolate = [&](const auto n_fields) {
    std::fill(target, target + n_fields, 0.0);
    for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
    {
      const double weight = shape_value<dim>(v, reference);
      const double *u = values + static_cast<std::size_t>(vertices[v]) * n_fields;
      for (unsigned int s = 0; s < n_fields; ++s)
        target[s] += weight * u[s];
    }
  };
  // A number of fields that the compiler knows makes the inner loop one or two instructions.
  switch (n)
  {
  case 1:
    return interpolate(std::integral_constant<unsigned int, 1>());
  case 2:
    return interpolate(std::integral_constant<unsigned int, 2>());
  case 4:
    return interpolate(std::integral_constant<unsigned int, 4>());
  default:
    return interpolate(n);
  }
}

template <int dim>
Sampling<dim>::Sampling(const FieldSet<dim> &fields, const CellLocator<dim> &locator, const CellNodes<dim> &nodes,
                        const AgentParameters &parameters)
    : fields(fields), nodes(nodes), parameters(parameters),
      nodal_gradients(fields, locator, nodes, followed_fields(parameters))
{
}

template <int dim>
void Sampling<dim>::fields_changed(std::vector<double> levels)
{
  blood = std::move(levels);
  nodal_gradients.fields_changed();
}

template <int dim>
void Sampling<dim>::learn_corners(const std::uint32_t cell, const double *state, Corners &corners) const
{
  const std::size_t n = fields.n_fields(), n_followed = nodal_gradients.followed_fields().size();
  const auto &vertices = nodes.nodes(cell);
  for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
  {
    double *row = corners.table.data() + v * corners.width;
    const double *at_vertex = state + static_cast<std::size_t>(vertices[v]) * n;
    for (std::size_t s = 0; s < n; ++s)
      *row++ = at_vertex[s];
    if (n_followed == 0)
      continue;
    const auto *at_node = nodal_gradients.at(cell, v, state);
    for (std::size_t f = 0; f < n_followed; ++f)
      for (unsigned int d = 0; d < dim; ++d)
        *row++ = at_node[f][d];
  }
}

template <int dim>
void Sampling<dim>::look(const AgentPopulation<dim> &population, const std::size_t begin, const std::size_t end,
                         const Question question, Surroundings<dim> &surroundings) const
{
  const unsigned int n = fields.n_fields();
  surroundings.n_fields = n;
  surroundings.first = begin;
  surroundings.blood = blood;
  surroundings.value.resize((end - begin) * n);
  const Reader reader(*this);
  if (question == Question::what_is_here)
    for (std::size_t i = begin; i < end; ++i)
      reader.at(population.cell[i], population.reference_position[i], &surroundings.value[(i - begin) * n]);
  else
    look_around(population, begin, end, reader.state(), surroundings);
}

template <int dim>
void Sampling<dim>::look_around(const AgentPopulation<dim> &population, const std::size_t begin, const std::size_t end,
                                const double *state, Surroundings<dim> &surroundings) const
{
  constexpr auto n_vertices = CellNodes<dim>::n_vertices;
  const unsigned int n = fields.n_fields();
  const auto &followed = nodal_gradients.followed_fields();
  // Gradients of fields that nobody follows stay zero.
  if (surroundings.gradient.size() < (end - begin) * n)
    surroundings.gradient.resize((end - begin) * n);
  Corners corners;
  corners.width = interpolation_width(n + dim * followed.size());
  corners.table.assign(n_vertices * corners.width, 0.0);
  for (std::size_t first = begin, last = begin; first < end; first = last)
  {
    // Agents are sorted by cell, so those that share one mostly follow each other.
    const std::uint32_t cell = population.cell[first];
    while (last < end && population.cell[last] == cell)
      ++last;
    learn_corners(cell, state, corners);
    corners.weights.resize((last - first) * n_vertices);
    for (std::size_t i = first; i < last; ++i)
      for (unsigned int v = 0; v < n_vertices; ++v)
        corners.weights[(i - first) * n_vertices + v] = shape_value<dim>(v, population.reference_position[i]);
    corners.results.resize((last - first) * corners.width);
    interpolate(last - first, n_vertices, corners.width, corners.weights.data(), corners.table.data(),
                corners.results.data());
    for (std::size_t i = first; i < last; ++i)
    {
      const double *result = corners.results.data() + (i - first) * corners.width;
      for (unsigned int s = 0; s < n; ++s)
        surroundings.value[(i - begin) * n + s] = result[s];
      for (std::size_t f = 0; f < followed.size(); ++f)
        for (unsigned int d = 0; d < dim; ++d)
          surroundings.gradient[(i - begin) * n + followed[f]][d] = result[n + f * dim + d];
    }
  }
}

template <int dim>
void Sampling<dim>::sample_values(Vec state, const AgentPopulation<dim> &population, std::vector<double> &values) const
{
  const unsigned int n = fields.n_fields();
  values.resize(population.size() * n);
  const Reader reader(*this, state);
  for (std::size_t i = 0; i < population.size(); ++i)
    reader.at(population.cell[i], population.reference_position[i], &values[i * n]);
}

template class Sampling<2>;
template class Sampling<3>;
} // namespace nidus
