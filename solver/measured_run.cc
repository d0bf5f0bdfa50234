#include "io/run_statistics.h"
#include "simulation.h"

// A run that leaves nothing behind but what is seen of it at its outputs: one of the many of a calibration.

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
bool Simulation<dim>::measure(const LookAt &look)
{
  const auto look_now = [&] {
    Observed observed;
    const auto row = dealii::Utilities::MPI::broadcast(comm, next_row(observed));
    look(row, observed.tables);
  };
  observables->take(seed(), 0.0);
  look_now();
  while (!time.finished())
  {
    if (StopRequest::asked(comm).stop)
      return false;
    const auto events = advance();
    observables->take(events, time.time());
    if (time.output_due())
      look_now();
  }
  return true;
}

template std::vector<std::string> Simulation<2>::columns() const;
template std::vector<std::string> Simulation<3>::columns() const;
template bool Simulation<2>::measure(const LookAt &);
template bool Simulation<3>::measure(const LookAt &);
} // namespace nidus
