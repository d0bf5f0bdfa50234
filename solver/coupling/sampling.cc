#include "coupling/sampling.h"

#include "organ/multilinear.h"

namespace nidus
{
namespace
{
/// Read access to the local form of the state.
class LocalState
{
public:
  explicit LocalState(Vec state) : state(state)
  {
    VecGhostGetLocalForm(state, &form);
    VecGetArrayRead(form, &values);
  }
  ~LocalState()
  {
    VecRestoreArrayRead(form, &values);
    VecGhostRestoreLocalForm(state, &form);
  }
  LocalState(const LocalState &) = delete;
  LocalState &operator=(const LocalState &) = delete;

  const double *at(const std::uint32_t node, const unsigned int n) const
  {
    return values + static_cast<std::size_t>(node) * n;
  }

private:
  Vec state, form = nullptr;
  const double *values = nullptr;
};
} // namespace

template <int dim>
Sampling<dim>::Sampling(const FieldSet<dim> &fields, const CellLocator<dim> &locator, const CellNodes<dim> &nodes,
                        const AgentParameters &parameters)
    : fields(fields), locator(locator), nodes(nodes), parameters(parameters)
{
}

template <int dim>
void Sampling<dim>::sample(const AgentPopulation<dim> &population, const SampleFor purpose,
                           Surroundings<dim> &surroundings) const
{
  const unsigned int n = fields.n_fields();
  surroundings.n_fields = n;
  surroundings.value.assign(population.size() * n, 0.0);
  surroundings.gradient.assign(population.size() * n, dealii::Tensor<1, dim>());
  const LocalState state(fields.state);
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    if (purpose == SampleFor::motion && !parameters.types[population.type[i]].crawls(population.state[i]))
      continue;
    const std::uint32_t cell = population.cell[i];
    const Multilinear<dim> shape(population.reference_position[i]);
    const auto inverse = dealii::invert(shape.jacobian(locator.corners(cell)));
    double *value = &surroundings.value[i * n];
    dealii::Tensor<1, dim> *gradient = &surroundings.gradient[i * n];
    for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
    {
      const double *u = state.at(nodes.nodes(cell)[v], n);
      const dealii::Tensor<1, dim> slope = shape.gradient[v] * inverse;
      for (unsigned int s = 0; s < n; ++s)
      {
        value[s] += shape.value[v] * u[s];
        gradient[s] += slope * u[s];
      }
    }
  }
}

template <int dim>
void Sampling<dim>::sample_values(Vec state, const AgentPopulation<dim> &population, std::vector<double> &values) const
{
  const unsigned int n = fields.n_fields();
  values.assign(population.size() * n, 0.0);
  const LocalState local(state);
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    const Multilinear<dim> shape(population.reference_position[i]);
    for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
    {
      const double *u = local.at(nodes.nodes(population.cell[i])[v], n);
      for (unsigned int s = 0; s < n; ++s)
        values[i * n + s] += shape.value[v] * u[s];
    }
  }
}

template <int dim>
void Sampling<dim>::sample_values(const typename CellLocator<dim>::Place &place, std::vector<double> &values) const
{
  const unsigned int n = fields.n_fields();
  values.assign(n, 0.0);
  const LocalState state(fields.state);
  const Multilinear<dim> shape(place.reference);
  for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
  {
    const double *u = state.at(nodes.nodes(place.cell)[v], n);
    for (unsigned int s = 0; s < n; ++s)
      values[s] += shape.value[v] * u[s];
  }
}

template class Sampling<2>;
template class Sampling<3>;
} // namespace nidus
