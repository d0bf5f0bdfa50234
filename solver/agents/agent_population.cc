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
  for_each_array([&remove](auto &array, const unsigned int width) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < array.size(); ++i)
      if (!remove[i / width])
        array[kept++] = array[i];
    array.resize(kept);
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
    std::decay_t<decltype(array)> sorted(array.size());
    for (std::size_t i = 0; i < order.size(); ++i)
      for (unsigned int k = 0; k < width; ++k)
        sorted[i * width + k] = array[order[i] * width + k];
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
