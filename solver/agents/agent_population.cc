#include "agents/agent_population.h"

#include <algorithm>
#include <numeric>

namespace nidus
{
template <int dim>
template <typename Visitor>
void AgentPopulation<dim>::for_each_array(const Visitor &visit)
{
  visit(key);
  visit(mother);
  visit(divisions);
  visit(generation);
  visit(stage);
  visit(type);
  visit(state);
  visit(state_since);
  visit(born);
  visit(position);
  visit(velocity);
  visit(cell);
  visit(reference_position);
}

template <int dim>
AgentRecord<dim> AgentPopulation<dim>::record(const std::size_t i) const
{
  AgentRecord<dim> record;
  record.key = key[i];
  record.mother = mother[i];
  record.divisions = divisions[i];
  record.generation = generation[i];
  record.stage = stage[i];
  record.type = type[i];
  record.state = state[i];
  record.state_since = state_since[i];
  record.born = born[i];
  record.position = position[i];
  record.velocity = velocity[i];
  return record;
}

template <int dim>
void AgentPopulation<dim>::append(const AgentRecord<dim> &record)
{
  key.push_back(record.key);
  mother.push_back(record.mother);
  divisions.push_back(record.divisions);
  generation.push_back(record.generation);
  stage.push_back(record.stage);
  type.push_back(record.type);
  state.push_back(record.state);
  state_since.push_back(record.state_since);
  born.push_back(record.born);
  position.push_back(record.position);
  velocity.push_back(record.velocity);
  cell.push_back(no_cell);
  reference_position.emplace_back();
}

template <int dim>
void AgentPopulation<dim>::remove(const std::vector<char> &remove)
{
  for_each_array([&remove](auto &array) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < array.size(); ++i)
      if (!remove[i])
        array[kept++] = array[i];
    array.resize(kept);
  });
}

template <int dim>
void AgentPopulation<dim>::sort()
{
  const auto sorted_end = std::is_sorted_until(key.begin(), key.end());
  if (sorted_end == key.end())
    return;

  std::vector<std::size_t> order(size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  const auto by_key = [this](const std::size_t a, const std::size_t b) { return key[a] < key[b]; };
  const auto tail = order.begin() + (sorted_end - key.begin());
  std::sort(tail, order.end(), by_key);
  std::inplace_merge(order.begin(), tail, order.end(), by_key);

  for_each_array([&order](auto &array) {
    std::decay_t<decltype(array)> sorted(array.size());
    for (std::size_t i = 0; i < order.size(); ++i)
      sorted[i] = array[order[i]];
    array.swap(sorted);
  });
}

template class AgentPopulation<2>;
template class AgentPopulation<3>;
} // namespace nidus
