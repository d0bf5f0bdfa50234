#include "coupling/deposition.h"

#include "agents/receptors.h"
#include "organ/multilinear.h"

#include <algorithm>
#include <array>

namespace nidus
{
namespace
{
/// A term of a field to which any agent adds.
struct Entry
{
  unsigned int term, field;
};

/// What a type in a state gives and takes is the same for all such agents but for the occupancy of receptors. Places
/// are indices into the list of entries.
struct Exchange
{
  std::vector<std::pair<std::size_t, double>> fixed; ///< place, amount per agent and min
  struct OfReceptor
  {
    std::size_t uptake, release; ///< places; quasi-steady receptors release nothing
    unsigned int field;
    int receptor; ///< of the type; of a full one its slot
  };
  std::vector<OfReceptor> quasi_steady, full;

  bool nothing() const { return fixed.empty() && quasi_steady.empty() && full.empty(); }
};

template <int dim>
class Exchanges
{
public:
  Exchanges(const AgentRules &rules, const FieldSet<dim> &fields)
  {
    using Terms = SourceTerms<dim>;
    for (int t = 0; t < static_cast<int>(rules.parameters.types.size()); ++t)
    {
      const auto &type = rules.type(t);
      auto &states = of_type.emplace_back();
      for (int number = 0; number < static_cast<int>(type.states.size()); ++number)
      {
        const auto &state = type.states[number];
        auto &exchange = states.emplace_back();
        const auto amount = [&](const int field, const double rate) {
          return rate * rules.modifiers.secretion(t, number, field) * type.cells_represented *
                 fields.amount_unit(field);
        };
        for (const auto &[field, rate] : state.secreted_fields)
          exchange.fixed.emplace_back(place(Terms::source, field), amount(field, rate));
        for (const auto &[field, rate] : state.saturating_fields)
          exchange.fixed.emplace_back(place(Terms::filling, field), amount(field, rate));
        for (std::size_t r = 0; r < type.receptors.size(); ++r)
          add_receptor(type.receptors[r], static_cast<int>(r), exchange);
      }
    }
  }

  const Exchange &operator()(const int type, const int state) const { return of_type[type][state]; }
  const std::vector<Entry> &entries() const { return entry_list; }

private:
  void add_receptor(const ReceptorParameters &receptor, const int number, Exchange &exchange)
  {
    using Terms = SourceTerms<dim>;
    if (receptor.consumed_field < 0)
      return;
    const auto field = static_cast<unsigned int>(receptor.consumed_field);
    if (receptor.is_full())
      exchange.full.push_back({place(Terms::uptake, field), place(Terms::source, field), field, receptor.slot});
    else if (receptor.internalisation_rate > 0.0)
      exchange.quasi_steady.push_back({place(Terms::uptake, field), 0, field, number});
  }

  std::size_t place(const unsigned int term, const unsigned int field)
  {
    for (std::size_t e = 0; e < entry_list.size(); ++e)
      if (entry_list[e].term == term && entry_list[e].field == field)
        return e;
    entry_list.push_back({term, field});
    return entry_list.size() - 1;
  }

  std::vector<std::vector<Exchange>> of_type;
  std::vector<Entry> entry_list;
};

/// What the agents of one cell hand to its vertices: [vertex * entries + place].
template <int dim>
class CellSums
{
public:
  explicit CellSums(const std::size_t entries) : entries(entries), sums(CellNodes<dim>::n_vertices * entries, 0.0) {}

  void add(const std::array<double, CellNodes<dim>::n_vertices> &share, const std::size_t place, const double amount)
  {
    for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
      sums[v * entries + place] += share[v] * amount;
  }

  void hand_over(const std::uint32_t cell, const std::vector<Entry> &list, const unsigned int n_fields,
                 const CellNodes<dim> &nodes, SourceTerms<dim> &terms)
  {
    using Terms = SourceTerms<dim>;
    for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
      nodes.distribute(cell, v, [&](const std::uint32_t node, const double weight) {
        for (std::size_t e = 0; e < entries; ++e)
          if (sums[v * entries + e] != 0.0)
            terms.local(static_cast<typename Terms::Term>(
                list[e].term))[static_cast<std::size_t>(node) * n_fields + list[e].field] +=
                weight * sums[v * entries + e];
      });
    std::fill(sums.begin(), sums.end(), 0.0);
  }

private:
  std::size_t entries;
  std::vector<double> sums;
};
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
  const Exchanges<dim> exchanges(rules, fields);
  CellSums<dim> sums(exchanges.entries().size());
  std::vector<double> values(fields.n_fields());
  const typename Sampling<dim>::Reader reader(sampling);
  terms.clear();
  terms.begin_adding();
  for (std::size_t i = 0; i < population.size(); ++i)
  {
    const std::uint32_t cell = population.cell[i];
    const auto &reference = population.reference_position[i];
    const auto &exchange = exchanges(population.type[i], population.state[i]);
    if (!exchange.nothing())
    {
      std::array<double, CellNodes<dim>::n_vertices> share;
      for (unsigned int v = 0; v < CellNodes<dim>::n_vertices; ++v)
        share[v] = shape_value<dim>(v, reference);
      for (const auto &[place, amount] : exchange.fixed)
        sums.add(share, place, amount);
      for (const auto &receptor : exchange.full)
      {
        const auto &law = receptor_exchange.law(i, receptor.receptor);
        sums.add(share, receptor.uptake, law.uptake * fields.amount_unit(receptor.field));
        sums.add(share, receptor.release, law.release * fields.amount_unit(receptor.field));
      }
      if (!exchange.quasi_steady.empty())
        reader.at(cell, reference, values.data());
      for (const auto &receptor : exchange.quasi_steady)
        sums.add(share, receptor.uptake,
                 fields.amount_unit(receptor.field) * uptake_coefficient(rules, population.type[i], receptor.receptor,
                                                                         population.key[i], values.data()));
    }
    if (i + 1 == population.size() || population.cell[i + 1] != cell)
      sums.hand_over(cell, exchanges.entries(), fields.n_fields(), nodes, terms);
  }
  terms.compress();
}

template class Deposition<2>;
template class Deposition<3>;
} // namespace nidus
