#include "io/run_statistics.h"
#include "simulation.h"

// A run that leaves nothing behind but its statistics, in memory: one of the many of a calibration.

namespace nidus
{
template <int dim>
std::vector<std::string> Simulation<dim>::columns() const
{
  std::vector<std::string> names;
  for (const auto &column : statistics_columns(parameters.fields, parameters.agents, parameters.blood))
    names.push_back(column.name);
  for (const auto &column : observables->columns())
    names.push_back(column.name);
  return names;
}

template <int dim>
std::optional<std::vector<std::vector<double>>> Simulation<dim>::measure()
{
  std::vector<std::vector<double>> rows;
  const auto look = [&] {
    Observed observed;
    rows.push_back(dealii::Utilities::MPI::broadcast(comm, next_row(observed)));
  };
  observables->take(seed(), 0.0);
  look();
  while (!time.finished())
  {
    if (StopRequest::asked(comm) == StopRequest::Wish::stop)
      return std::nullopt;
    const auto events = advance();
    observables->take(events, time.time());
    if (time.output_due())
      look();
  }
  return rows;
}

template std::vector<std::string> Simulation<2>::columns() const;
template std::vector<std::string> Simulation<3>::columns() const;
template std::optional<std::vector<std::vector<double>>> Simulation<2>::measure();
template std::optional<std::vector<std::vector<double>>> Simulation<3>::measure();
} // namespace nidus
