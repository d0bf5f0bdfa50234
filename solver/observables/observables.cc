#include "observables/observables.h"

#include "observables/field_observables.h"

namespace nidus
{
namespace
{
template <typename T>
void append(std::vector<T> &list, const std::vector<T> &more)
{
  list.insert(list.end(), more.begin(), more.end());
}
} // namespace

template <int dim>
Observables<dim>::Observables(const ObservablesParameters &parameters, const FieldSet<dim> &fields,
                              const AgentRules &rules, const CellLocator<dim> &locator, const VesselNetwork *vessels)
    : parameters(parameters), comm(locator.communicator()), occupancy(rules),
      niche_index(parameters.niche_index, rules), colonies(parameters.colonies, rules.parameters),
      fates(parameters.fates), tumour_cells(parameters.tumour_cells, fields.parameters, rules, vessels)
{
  if (parameters.niche_index.any())
    append(column_list, niche_index.columns());
  if (parameters.colonies.any())
  {
    append(column_list, colonies.columns());
    table_list.push_back(colonies.table());
  }
  if (parameters.sections.any())
  {
    sections = std::make_unique<Sections<dim>>(parameters.sections, rules.parameters, locator, rules.seed);
    append(column_list, sections->columns());
    table_list.push_back(sections->table());
  }
  append(column_list, columns_of(parameters.positive_fractions));
  for (std::uint32_t p = 0; p < parameters.pair_correlations.size(); ++p)
    pair_correlations.emplace_back(parameters.pair_correlations[p], p, locator, fields.organ.tissue_volume(),
                                   rules.seed);
  if (!pair_correlations.empty())
    table_list.push_back(PairCorrelation<dim>::table());
  append(column_list, tumour_cells.columns());
  if (parameters.fates.any())
    append(column_list, Fates::columns());
  append(column_list, columns_of(parameters.blood_gradients));
}

template <int dim>
std::vector<ObservedColumn> Observables<dim>::nodal_arrays() const
{
  return parameters.niche_index.any() ? niche_index.arrays() : std::vector<ObservedColumn>();
}

template <int dim>
void Observables<dim>::take(const std::vector<AgentEvent> &events, const double time)
{
  if (parameters.fates.any())
    fates.take(comm, events, time);
}

template <int dim>
Observed Observables<dim>::look(const Scene &scene)
{
  Observed observed;
  const auto next_table = [&observed]() -> std::vector<TableRow> & { return observed.tables.emplace_back(); };
  scene.sampling.fields_changed(scene.blood);
  if (parameters.niche_index.any())
    niche_index.look(
        {scene.locator, scene.nodes, scene.sampling, scene.migration, scene.blood, scene.population, scene.time},
        observed);
  if (occupancy.any())
    observed.at_agents.push_back(occupancy.look(scene.sampling, scene.population));
  if (parameters.colonies.any())
  {
    const auto found = colonies.look(scene.migration, comm, scene.step, scene.time, scene.population);
    append(observed.row, colonies.row(found));
    next_table() = colonies.rows(found, scene.time);
  }
  if (sections != nullptr)
    sections->look(comm, scene.time, scene.population, observed.row, next_table());
  append(observed.row, positive_fractions(parameters.positive_fractions, scene.fields));
  if (!pair_correlations.empty())
  {
    auto &rows = next_table();
    for (const auto &pairs : pair_correlations)
      pairs.append_rows(pairs.look(scene.migration, scene.locator, scene.population), scene.time, rows);
  }
  if (parameters.tumour_cells.any())
    append(observed.row, tumour_cells.look(comm, scene.locator, scene.nodes, scene.sampling, scene.population));
  if (parameters.fates.any())
    append(observed.row, fates.look(comm, scene.population));
  append(observed.row, blood_gradients(parameters.blood_gradients, scene.fields, scene.blood));
  return observed;
}

template <int dim>
nlohmann::json Observables<dim>::state() const
{
  auto seen = nlohmann::json::array();
  for (const auto &[id, time] : colonies.first_seen)
    seen.push_back({id, time});
  return {{"colonies", seen}, {"founders", fates.state()}};
}

template <int dim>
void Observables<dim>::restore(const nlohmann::json &state)
{
  colonies.first_seen.clear();
  for (const auto &entry : state.at("colonies"))
    colonies.first_seen[entry.at(0).get<std::uint64_t>()] = entry.at(1).get<double>();
  fates.restore(state.at("founders"));
}

template class Observables<2>;
template class Observables<3>;
} // namespace nidus
