#include "agents/agent_population.h"

#include <deal.II/base/exceptions.h>

#include <algorithm>

namespace nidus
{
template <int dim>
template <typename Visitor>
void AgentPopulation<dim>::for_each_array(const Visitor &visit)
{
  visit(key, 1u);
  visit(mother, 1u);
  visit(founder, 1u);
  visit(colony, 1u);
  visit(divisions, 1u);
  visit(generation, 1u);
  visit(stage, 1u);
  visit(type, 1u);
  visit(state, 1u);
  visit(state_since, 1u);
  visit(born, 1u);
  visit(position, 1u);
  visit(velocity, 1u);
  visit(cell, 1u);
  visit(reference_position, 1u);
  visit(sorted_cell, 1u);
  visit(receptors, n_receptor_doubles);
}

template <int dim>
AgentRecord<dim> AgentPopulation<dim>::record(const std::size_t i) const
{
  AgentRecord<dim> record;
  record.key = key[i];
  record.mother = mother[i];
  record.founder = founder[i];
  record.colony = colony[i];
  record.divisions = divisions[i];
  record.generation = generation[i];
  record.stage = stage[i];
  record.type = type[i];
  record.state = state[i];
  record.state_since = state_since[i];
  record.born = born[i];
  record.position = position[i];
  record.velocity = velocity[i];
  record.receptors.assign(receptors_of(i), receptors_of(i) + n_receptor_doubles);
  return record;
}

template <int dim>
void AgentPopulation<dim>::append(const AgentRecord<dim> &record, const std::uint32_t in_cell,
                                  const dealii::Point<dim> &at)
{
  if (key.size() == key.capacity())
    // By an eighth, not to the double: a million agents are the greatest part of the memory.
    for_each_array(
        [room = size() + size() / 8 + 64](auto &array, const unsigned int width) { array.reserve(room * width); });
  key.push_back(record.key);
  mother.push_back(record.mother);
  founder.push_back(record.founder == 0 ? record.key : record.founder);
  colony.push_back(record.colony);
  divisions.push_back(record.divisions);
  generation.push_back(record.generation);
  stage.push_back(record.stage);
  type.push_back(record.type);
  state.push_back(record.state);
  state_since.push_back(record.state_since);
  born.push_back(record.born);
  position.push_back(record.position);
  velocity.push_back(record.velocity);
  cell.push_back(in_cell);
  reference_position.push_back(at);
  sorted_cell.push_back(no_cell);
  Assert(record.receptors.empty() || record.receptors.size() == n_receptor_doubles, dealii::ExcInternalError());
  if (record.receptors.empty())
    receptors.insert(receptors.end(), n_receptor_doubles, unset_receptor);
  else
    receptors.insert(receptors.end(), record.receptors.begin(), record.receptors.end());
}

template <int dim>
void AgentPopulation<dim>::remove(const std::vector<char> &remove)
{
  std::vector<std::pair<std::size_t, std::size_t>> kept; // from, to; after the first that goes
  const auto first = static_cast<std::size_t>(std::find(remove.begin(), remove.end(), 1) - remove.begin());
  for (std::size_t begin = first; begin < remove.size();)
    if (remove[begin])
      ++begin;
    else
    {
      const auto end = static_cast<std::size_t>(std::find(remove.begin() + begin, remove.end(), 1) - remove.begin());
      kept.emplace_back(begin, end);
      begin = end;
    }
  for_each_array([&](auto &array, const unsigned int width) {
    auto target = array.begin() + first * width;
    for (const auto &[begin, end] : kept)
      target = std::copy(array.begin() + begin * width, array.begin() + end * width, target);
    array.resize(target - array.begin());
  });
}

template <int dim>
void AgentPopulation<dim>::sort()
{
  // Those that are still in the cell by which they were sorted are in order among themselves; few others are to be put
  // between them.
  std::vector<std::uint32_t> settled, strays;
  settled.reserve(size());
  for (std::uint32_t i = 0; i < size(); ++i)
    (cell[i] == sorted_cell[i] && cell[i] != no_cell ? settled : strays).push_back(i);
  if (strays.empty())
    return;
  const auto before = [this](const std::uint32_t a, const std::uint32_t b) {
    return cell[a] != cell[b] ? cell[a] < cell[b] : key[a] < key[b];
  };
  std::sort(strays.begin(), strays.end(), before);
  std::vector<std::uint32_t> order(size());
  std::merge(settled.begin(), settled.end(), strays.begin(), strays.end(), order.begin(), before);
  sorted_cell = cell;

  for_each_array([&order](auto &array, const unsigned int width) {
    std::decay_t<decltype(array)> sorted;
    sorted.reserve(array.capacity());
    sorted.resize(array.size());
    if (width == 1)
      for (std::size_t i = 0; i < order.size(); ++i)
        sorted[i] = array[order[i]];
    else
      for (std::size_t i = 0; i < order.size(); ++i)
        std::copy_n(array.begin() + static_cast<std::size_t>(order[i]) * width, width, sorted.begin() + i * width);
    array.swap(sorted);
  });
}

template <int dim>
void AgentPopulation<dim>::forget_cells()
{
  cell.assign(size(), no_cell);
  sorted_cell.assign(size(), no_cell);
}

template class AgentPopulation<2>;
template class AgentPopulation<3>;
} // namespace nidus
