#include "coupling/sampling.h"

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
void Sampling<dim>::look(const AgentPopulation<dim> &population, const std::size_t begin, const std::size_t end,
                         const Question question, Surroundings<dim> &surroundings) const
{
  const unsigned int n = fields.n_fields();
  const bool walking = question == Question::where_to_go;
  surroundings.n_fields = n;
  surroundings.first = begin;
  surroundings.blood = blood;
  surroundings.value.assign((end - begin) * n, 0.0);
  surroundings.gradient.assign(walking ? (end - begin) * n : 0, dealii::Tensor<1, dim>());
  const Reader reader(*this);
  for (std::size_t i = begin; i < end; ++i)
  {
    if (walking && !parameters.types[population.type[i]].crawls(population.state[i]))
      continue;
    const std::uint32_t cell = population.cell[i];
    const auto &reference = population.reference_position[i];
    reader.at(cell, reference, &surroundings.value[(i - begin) * n]);
    if (walking)
      gradients_at(cell, reference, reader.state(), &surroundings.gradient[(i - begin) * n]);
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

template <int dim>
void Sampling<dim>::gradients_at(const std::uint32_t cell, const dealii::Point<dim> &reference, const double *state,
                                 dealii::Tensor<1, dim> *gradients) const
{
  const auto &followed = nodal_gradients.followed_fields();
  if (followed.empty())
    return;
  for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
  {
    const double weight = shape_value<dim>(v, reference);
    const auto *at_node = nodal_gradients.at(cell, v, state);
    for (std::size_t f = 0; f < followed.size(); ++f)
      gradients[followed[f]] += weight * at_node[f];
  }
}

template class Sampling<2>;
template class Sampling<3>;
} // namespace nidus
