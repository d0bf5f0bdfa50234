#include "observables/fates.h"

#include "control/quantile.h"
#include "observables/colonies.h"
#include "observables/gathered.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace nidus
{
namespace
{
/// What happened to an agent.
struct Turn
{
  std::uint64_t key;
  std::uint32_t appears, engages;
};

std::vector<std::uint64_t> without_repeats(std::vector<std::uint64_t> keys)
{
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}
} // namespace

void Fates::take(MPI_Comm comm, const std::vector<AgentEvent> &events, const double time)
{
  std::vector<Turn> mine;
  for (const auto &event : events)
  {
    const bool appears = event.kind == EventKind::seeded || event.kind == EventKind::arrived;
    if (appears && parameters.founders(event.new_type, event.to))
      mine.push_back({event.key, 1, parameters.engaged_agents(event.new_type, event.to)});
    else if (event.kind == EventKind::changed && parameters.engaged_agents(event.new_type, event.to))
      mine.push_back({event.key, 0, 1});
  }
  const auto turns = gather_on_first(comm, mine).all;
  // A cell may arrive and change in one step.
  for (const auto &turn : turns)
    if (turn.appears)
      founders.insert({turn.key, {time, -1.0}});
  for (const auto &turn : turns)
    if (const auto founder = founders.find(turn.key);
        turn.engages && founder != founders.end() && founder->second.engaged_after < 0.0)
      founder->second.engaged_after = time - founder->second.appeared;
}

std::vector<ObservedColumn> Fates::columns()
{
  return {{"founders", "1"},
          {"founders surviving", "1"},
          {"founders dormant", "1"},
          {"founders engaged", "1"},
          {"time to first engagement median", "min"},
          {"time to first engagement mean", "min"}};
}

template <int dim>
std::vector<double> Fates::look(MPI_Comm comm, const AgentPopulation<dim> &population) const
{
  std::vector<std::uint64_t> dormant;
  for (std::size_t i = 0; i < population.size(); ++i)
    if (population.mother[i] == 0 && parameters.dormant_agents(population.type[i], population.state[i]))
      dormant.push_back(population.key[i]);
  const auto dormant_keys = gather_on_first(comm, dormant).all;
  const auto living = without_repeats(gather_on_first(comm, without_repeats(population.founder)).all);
  const auto known = [this](const std::uint64_t key) { return founders.count(key) > 0; };
  const double none = std::numeric_limits<double>::quiet_NaN(), n = static_cast<double>(founders.size());
  std::vector<double> waits;
  for (const auto &[key, founder] : founders)
    if (founder.engaged_after >= 0.0)
      waits.push_back(founder.engaged_after);
  std::sort(waits.begin(), waits.end());
  const auto part = [&](const double number) { return n > 0.0 ? number / n : none; };
  return {n,
          part(static_cast<double>(std::count_if(living.begin(), living.end(), known))),
          part(static_cast<double>(std::count_if(dormant_keys.begin(), dormant_keys.end(), known))),
          part(static_cast<double>(waits.size())),
          quantile(waits, 0.5),
          waits.empty() ? none : std::accumulate(waits.begin(), waits.end(), 0.0) / static_cast<double>(waits.size())};
}

nlohmann::json Fates::state() const
{
  auto list = nlohmann::json::array();
  for (const auto &[key, founder] : founders)
    list.push_back({key, founder.appeared, founder.engaged_after});
  return list;
}

void Fates::restore(const nlohmann::json &state)
{
  founders.clear();
  for (const auto &entry : state)
    founders[entry.at(0).get<std::uint64_t>()] = {entry.at(1).get<double>(), entry.at(2).get<double>()};
}

template std::vector<double> Fates::look<2>(MPI_Comm, const AgentPopulation<2> &) const;
template std::vector<double> Fates::look<3>(MPI_Comm, const AgentPopulation<3> &) const;
} // namespace nidus
