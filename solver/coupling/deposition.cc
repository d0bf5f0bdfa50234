#include "coupling/deposition.h"

#include "agents/receptors.h"
#include "organ/multilinear.h"

namespace nidus
{
namespace
{
/// What a type in a state gives and takes is the same for all such agents but for the occupancy of receptors.
struct Exchange
{
  std::vector<std::pair<unsigned int, double>> secretion, filling; ///< field, amount per agent and min
  std::vector<std::pair<unsigned int, std::size_t>> uptake;        ///< field, quasi-steady receptor
  std::vector<std::pair<unsigned int, int>> full_receptors;        ///< field, slot of the receptor

  bool nothing() const { return secretion.empty() && filling.empty() && uptake.empty() && full_receptors.empty(); }
};

template <int dim>
std::vector<std::vector<Exchange>> exchanges(const AgentParameters &agents, const FieldSet<dim> &fields)
{
  std::vector<std::vector<Exchange>> result;
  for (const auto &type : agents.types)
  {
    auto &of_states = result.emplace_back();
    for (const auto &state : type.states)
    {
      auto &exchange = of_states.emplace_back();
      for (const auto &[field, rate] : state.secreted_fields)
        exchange.secretion.emplace_back(field, rate * type.cells_represented * fields.amount_unit(field));
      for (const auto &[field, rate] : state.saturating_fields)
        exchange.filling.emplace_back(field, rate * type.cells_represented * fields.amount_unit(field));
      for (std::size_t r = 0; r < type.receptors.size(); ++r)
        if (type.receptors[r].consumed_field >= 0 && type.receptors[r].is_full())
          exchange.full_receptors.emplace_back(type.receptors[r].consumed_field, type.receptors[r].slot);
        else if (type.receptors[r].consumed_field >= 0 && type.receptors[r].internalisation_rate > 0.0)
          exchange.uptake.emplace_back(type.receptors[r].consumed_field, r);
    }
  }
  return result;
}
} // namespace

template <int dim>
Deposition<dim>::Deposition(const FieldSet<dim> &fields, const CellNodes<dim> &nodes, const Sampling<dim> &sampling)
    : fields(fields), nodes(nodes), sampling(sampling)
{
}

template <int dim>
void Deposition<dim>::deposit(const AgentPopulation<dim> &population, const AgentRules &rules,
                              const ReceptorExchange<dim> &receptor_exchange, SourceTerms<dim> &terms) const
{
  using Terms = SourceTerms<dim>;
  const unsigned int n = fields.n_fields();
  const auto exchange = exchanges(rules.parameters, fields);
  std::vector<double> values(n);
  const typename Sampling<dim>::Reader reader(sampling);
  terms.clear();
  terms.begin_adding();
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    const auto &agent = exchange[population.type[i]][population.state[i]];
    if (agent.nothing())
      continue;
    const std::uint32_t cell = population.cell[i];
    const auto &reference = population.reference_position[i];
    std::array<double, CellNodes<dim>::n_vertices> share;
    for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
      share[v] = shape_value<dim>(v, reference);
    const auto add = [&](const typename Terms::Term term, const unsigned int field, const double amount) {
      double *target = terms.local(term);
      for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
        nodes.distribute(cell, v, [&](const std::uint32_t node, const double weight) {
          target[static_cast<std::size_t>(node) * n + field] += weight * share[v] * amount;
        });
    };
    for (const auto &[field, amount] : agent.secretion)
      add(Terms::source, field, amount);
    for (const auto &[field, amount] : agent.filling)
      add(Terms::filling, field, amount);
    for (const auto &[field, slot] : agent.full_receptors)
    {
      const auto &law = receptor_exchange.law(i, slot);
      add(Terms::uptake, field, law.uptake * fields.amount_unit(field));
      add(Terms::source, field, law.release * fields.amount_unit(field));
    }
    if (agent.uptake.empty())
      continue;
    reader.at(cell, reference, values.data());
    for (const auto &[field, receptor] : agent.uptake)
      add(Terms::uptake, field,
          fields.amount_unit(field) * uptake_coefficient(rules, population.type[i], static_cast<int>(receptor),
                                                         population.key[i], values.data()));
  }
  terms.compress();
}

template class Deposition<2>;
template class Deposition<3>;
} // namespace nidus
