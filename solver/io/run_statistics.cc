#include "io/run_statistics.h"

#include "coupling/organ_and_blood.h"

#include <deal.II/base/mpi.h>

#include <array>
#include <cmath>

namespace nidus
{
template <int dim>
std::vector<std::vector<std::uint64_t>> count_agents(MPI_Comm communicator, const AgentParameters &parameters,
                                                     const AgentPopulation<dim> &population)
{
  std::vector<std::size_t> first;
  std::size_t n = 0;
  for (const auto &type : parameters.types)
  {
    first.push_back(n);
    n += type.states.size();
  }
  std::vector<std::uint64_t> here(n, 0), all(n, 0);
  for (std::size_t i = 0; i < population.size(); ++i)
    ++here[first[population.type[i]] + population.state[i]];
  dealii::Utilities::MPI::sum(here, communicator, all);
  std::vector<std::vector<std::uint64_t>> counts;
  for (std::size_t t = 0; t < parameters.types.size(); ++t)
    counts.emplace_back(all.begin() + first[t], all.begin() + first[t] + parameters.types[t].states.size());
  return counts;
}

void Interval::add(const std::vector<FieldBudget> &step)
{
  budget.resize(step.size());
  for (std::size_t s = 0; s < step.size(); ++s)
    budget[s] += step[s];
}

void Interval::add_arrests(const std::vector<double> &step)
{
  arrested.resize(step.size(), 0.0);
  for (std::size_t p = 0; p < step.size(); ++p)
    arrested[p] += step[p];
}

nlohmann::json to_json(const Interval &interval)
{
  nlohmann::json json = {{"linear", interval.linear_iterations}, {"newton", interval.newton_iterations},
                         {"steps", interval.field_steps},        {"retried", interval.retried},
                         {"inaccurate", interval.inaccurate},    {"arrested", interval.arrested},
                         {"budget", nlohmann::json::array()}};
  for (const auto &b : interval.budget)
    json["budget"].push_back(
        {b.secreted, b.taken_up, b.decayed, b.exchanged, b.crossed, b.reacted, b.change, b.residual});
  return json;
}

Interval interval_from_json(const nlohmann::json &json)
{
  Interval interval;
  interval.linear_iterations = json.at("linear").get<unsigned int>();
  interval.newton_iterations = json.at("newton").get<unsigned int>();
  interval.field_steps = json.at("steps").get<std::uint64_t>();
  interval.retried = json.at("retried").get<std::uint64_t>();
  interval.inaccurate = json.at("inaccurate").get<std::uint64_t>();
  interval.arrested = json.at("arrested").get<std::vector<double>>();
  for (const auto &budget : json.at("budget"))
  {
    const auto b = budget.get<std::array<double, 8>>();
    interval.budget.push_back({b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]});
  }
  return interval;
}

double relative_residual(const FieldBudget &budget)
{
  const double moved = std::abs(budget.secreted) + std::abs(budget.taken_up) + std::abs(budget.decayed) +
                       std::abs(budget.exchanged) + std::abs(budget.crossed) + std::abs(budget.reacted) +
                       std::abs(budget.change);
  return moved > 0.0 ? std::abs(budget.residual) / moved : 0.0;
}

std::vector<StatisticsTable::Column> statistics_columns(const FieldsParameters &fields, const AgentParameters &agents,
                                                        const BloodParameters &blood)
{
  std::vector<StatisticsTable::Column> columns = {{"time", "min"}};
  for (const auto &type : agents.types)
    for (const auto &state : type.states)
      columns.push_back({"agents " + type.name + " " + state.name, "1"});
  for (const char *name : {"seeded", "arrived", "born", "died", "departed"})
    columns.push_back({std::string("agents ") + name + " since start", "1"});
  for (const auto &field : fields.fields)
  {
    const std::string amount = field.unit == "nM" ? "molecules" : "um^3";
    for (const char *name : {"mean", "minimum", "maximum"})
      columns.push_back({field.name + " " + name, field.unit});
    columns.push_back({field.name + " amount", amount});
    for (const char *name : {"secreted", "taken up", "decayed", "exchanged", "crossed", "reacted"})
      columns.push_back({field.name + " " + name, amount});
    columns.push_back({field.name + " ledger residual", "1"});
  }
  for (const auto &factor : blood.factors)
  {
    columns.push_back({"blood " + factor.name, "nM"});
    columns.push_back({"blood " + factor.name + " taken by the organ", "molecules"});
  }
  for (const auto &cells : blood.circulating)
  {
    columns.push_back({"circulating " + cells.name, "cells/mL"});
    columns.push_back({"circulating " + cells.name + " arrested", "cells"});
  }
  columns.push_back({"primary tumour", "cells"});
  for (const char *name : {"field steps", "field steps solved again", "field steps above tolerance"})
    columns.push_back({name, "1"});
  columns.push_back({"linear iterations per field step", "1"});
  columns.push_back({"Newton iterations per field step", "1"});
  return columns;
}

template <int dim>
std::vector<double> statistics_row(const double time, const FieldSet<dim> &fields, const Interval &interval,
                                   const std::vector<std::vector<std::uint64_t>> &agents, const AgentAccount &account,
                                   const Blood &blood)
{
  std::vector<double> row = {time};
  for (const auto &type : agents)
    row.insert(row.end(), type.begin(), type.end());
  for (const std::uint64_t number : {account.seeded, account.arrived, account.born, account.died, account.departed})
    row.push_back(static_cast<double>(number));
  const auto extremes = fields.extremes();
  const auto amounts = fields.amounts();
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
  {
    const FieldBudget budget = interval.budget.empty() ? FieldBudget() : interval.budget[s];
    row.insert(row.end(), {extremes[s].mean, extremes[s].minimum, extremes[s].maximum, amounts[s], budget.secreted,
                           budget.taken_up, budget.decayed, budget.exchanged, budget.crossed, budget.reacted,
                           relative_residual(budget)});
  }
  const auto levels = blood.levels();
  const auto taken = gained_from_blood(fields.parameters, interval.budget, levels.size());
  for (std::size_t i = 0; i < levels.size(); ++i)
    row.insert(row.end(), {levels[i], taken[i]});
  const auto &circulating = blood.circulating();
  for (std::size_t p = 0; p < circulating.size(); ++p)
    row.insert(row.end(), {circulating[p], interval.arrested.empty() ? 0.0 : interval.arrested[p]});
  row.push_back(blood.tumour());
  for (const std::uint64_t number : {interval.field_steps, interval.retried, interval.inaccurate})
    row.push_back(static_cast<double>(number));
  const double steps = interval.field_steps > 0 ? static_cast<double>(interval.field_steps) : 1.0;
  row.push_back(interval.linear_iterations / steps);
  row.push_back(interval.newton_iterations / steps);
  return row;
}

template std::vector<std::vector<std::uint64_t>> count_agents<2>(MPI_Comm, const AgentParameters &,
                                                                 const AgentPopulation<2> &);
template std::vector<std::vector<std::uint64_t>> count_agents<3>(MPI_Comm, const AgentParameters &,
                                                                 const AgentPopulation<3> &);
template std::vector<double> statistics_row<2>(double, const FieldSet<2> &, const Interval &,
                                               const std::vector<std::vector<std::uint64_t>> &, const AgentAccount &,
                                               const Blood &);
template std::vector<double> statistics_row<3>(double, const FieldSet<3> &, const Interval &,
                                               const std::vector<std::vector<std::uint64_t>> &, const AgentAccount &,
                                               const Blood &);
} // namespace nidus
