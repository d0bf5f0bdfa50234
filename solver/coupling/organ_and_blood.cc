#include "coupling/organ_and_blood.h"

#include <deal.II/base/mpi.h>

namespace nidus
{
template <int dim>
std::vector<Blood::Exchange> exchange_with_blood(const FieldSet<dim> &fields, const std::size_t n_factors)
{
  std::vector<double> here(2 * n_factors, 0.0), all(2 * n_factors, 0.0);
  const double *state = nullptr;
  VecGetArrayRead(fields.state, &state);
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
  {
    const int factor = fields.parameters.fields[s].blood_index;
    if (factor < 0)
      continue;
    for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
    {
      const double rate = fields.exchange_rate(node, s);
      here[2 * factor] += rate;
      here[2 * factor + 1] += rate * state[static_cast<std::size_t>(node) * fields.n_fields() + s];
    }
  }
  VecRestoreArrayRead(fields.state, &state);
  dealii::Utilities::MPI::sum(here, fields.organ.communicator(), all);
  std::vector<Blood::Exchange> exchange(n_factors);
  for (std::size_t i = 0; i < n_factors; ++i)
    exchange[i] = {all[2 * i], all[2 * i + 1]};
  return exchange;
}

std::vector<double> gained_from_blood(const FieldsParameters &fields, const std::vector<FieldBudget> &budget,
                                      const std::size_t n_factors)
{
  std::vector<double> gained(n_factors, 0.0);
  for (std::size_t s = 0; s < budget.size(); ++s)
    if (fields.fields[s].blood_index >= 0)
      gained[fields.fields[s].blood_index] += budget[s].exchanged;
  return gained;
}

template <int dim>
Blood::Metastases count_metastases(MPI_Comm communicator, const AgentParameters &agents,
                                   const AgentPopulation<dim> &population)
{
  std::vector<std::vector<char>> divides;
  for (const auto &type : agents.types)
  {
    auto &states = divides.emplace_back(type.states.size(), 0);
    for (const auto &transition : type.transitions)
      if (transition.outcome == Outcome::division)
        states[transition.from_state] = 1;
  }
  // Whole numbers, in the order of types, so that the sum is the same on any number of ranks.
  std::vector<std::uint64_t> here(2 * agents.types.size(), 0), all(here.size(), 0);
  for (std::size_t i = 0; i < population.size(); ++i)
    if (agents.types[population.type[i]].is_tumour())
    {
      ++here[2 * population.type[i]];
      here[2 * population.type[i] + 1] += divides[population.type[i]][population.state[i]];
    }
  dealii::Utilities::MPI::sum(here, communicator, all);
  Blood::Metastases metastases;
  for (std::size_t t = 0; t < agents.types.size(); ++t)
  {
    metastases.cells += agents.types[t].cells_represented * static_cast<double>(all[2 * t]);
    metastases.dividing += agents.types[t].cells_represented * static_cast<double>(all[2 * t + 1]);
  }
  return metastases;
}

template std::vector<Blood::Exchange> exchange_with_blood<2>(const FieldSet<2> &, std::size_t);
template std::vector<Blood::Exchange> exchange_with_blood<3>(const FieldSet<3> &, std::size_t);
template Blood::Metastases count_metastases<2>(MPI_Comm, const AgentParameters &, const AgentPopulation<2> &);
template Blood::Metastases count_metastases<3>(MPI_Comm, const AgentParameters &, const AgentPopulation<3> &);
} // namespace nidus
