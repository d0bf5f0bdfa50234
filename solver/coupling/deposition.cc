#include "coupling/deposition.h"

#include "agents/receptors.h"
#include "organ/multilinear.h"

namespace nidus
{
template <int dim>
Deposition<dim>::Deposition(const FieldSet<dim> &fields, const CellNodes<dim> &nodes) : fields(fields), nodes(nodes)
{
}

template <int dim>
void Deposition<dim>::deposit(const AgentPopulation<dim> &population, const AgentRules &rules,
                              const Surroundings<dim> &surroundings, const ReceptorExchange<dim> &exchange,
                              SourceTerms<dim> &terms) const
{
  using Terms = SourceTerms<dim>;
  const unsigned int n = fields.n_fields();
  terms.clear();
  terms.begin_adding();
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    const auto &type = rules.type(population.type[i]);
    const auto &state = type.states[population.state[i]];
    const std::uint32_t cell = population.cell[i];
    const Multilinear<dim> shape(population.reference_position[i]);
    const auto add = [&](const typename Terms::Term term, const unsigned int field, const double amount) {
      double *values = terms.local(term);
      for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
        nodes.distribute(cell, v, [&](const std::uint32_t node, const double weight) {
          values[static_cast<std::size_t>(node) * n + field] += weight * shape.value[v] * amount;
        });
    };
    for (const auto &[field, rate] : state.secreted_fields)
      add(Terms::source, field, rate * type.cells_represented * fields.amount_unit(field));
    for (const auto &[field, rate] : state.saturating_fields)
      add(Terms::filling, field, rate * type.cells_represented * fields.amount_unit(field));
    for (std::size_t r = 0; r < type.receptors.size(); ++r)
    {
      const int field = type.receptors[r].consumed_field;
      if (field < 0)
        continue;
      const double unit = fields.amount_unit(field);
      if (type.receptors[r].is_full())
      {
        const auto &law = exchange.law(i, type.receptors[r].slot);
        add(Terms::uptake, field, law.uptake * unit);
        add(Terms::source, field, law.release * unit);
      }
      else
        add(Terms::uptake, field,
            unit * uptake_coefficient(rules, population.type[i], r, population.key[i], &surroundings.value[i * n]));
    }
  }
  terms.compress();
}

template class Deposition<2>;
template class Deposition<3>;
} // namespace nidus
