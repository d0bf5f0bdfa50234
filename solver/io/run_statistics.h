#pragma once

#include "agents/agent_account.h"
#include "agents/agent_parameters.h"
#include "agents/agent_population.h"
#include "fields/field_ledger.h"
#include "fields/field_set.h"
#include "io/statistics.h"
#include "systemic/blood.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <vector>

namespace nidus
{
/// Number of agents of each type and state over all ranks: [type][state]. Collective.
template <int dim>
std::vector<std::vector<std::uint64_t>> count_agents(MPI_Comm communicator, const AgentParameters &parameters,
                                                     const AgentPopulation<dim> &population);

/// What happened between two rows of the statistics.
struct Interval
{
  std::vector<FieldBudget> budget; ///< by field
  std::vector<double> arrested;    ///< agents by circulating population
  unsigned int linear_iterations = 0, newton_iterations = 0;
  std::uint64_t field_steps = 0;
  std::uint64_t retried = 0;    ///< field steps that could not be solved at once
  std::uint64_t inaccurate = 0; ///< field steps of the smallest length with an error above the tolerance

  void add(const std::vector<FieldBudget> &step);
  void add_arrests(const std::vector<double> &step);
};

/// For checkpoints; numbers survive to the last bit.
nlohmann::json to_json(const Interval &interval);
Interval interval_from_json(const nlohmann::json &json);

/// |residual| over everything that moved, the quantity that must stay at solver tolerance.
double relative_residual(const FieldBudget &budget);

/// The columns of statistics.csv.
std::vector<StatisticsTable::Column> statistics_columns(const FieldsParameters &fields, const AgentParameters &agents,
                                                        const BloodParameters &blood);

/// One row of it, in the same order. Collective.
template <int dim>
std::vector<double> statistics_row(double time, const FieldSet<dim> &fields, const Interval &interval,
                                   const std::vector<std::vector<std::uint64_t>> &agents, const AgentAccount &account,
                                   const Blood &blood);
} // namespace nidus
