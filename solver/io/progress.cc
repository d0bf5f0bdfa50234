#include "io/progress.h"

#include "control/units.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace nidus
{
namespace
{
std::uint64_t steps_left(const RunState &state)
{
  return state.n_steps > state.step ? state.n_steps - state.step : 0;
}

std::string work_text(const SolverWork &work)
{
  return " | field steps " + std::to_string(work.field_steps) + ", newton iterations " +
         std::to_string(work.newton_iterations) + ", tried again " + std::to_string(work.retried);
}
} // namespace

void RateEstimate::add(const std::uint64_t step, const double seconds)
{
  if (started && step > last_step)
  {
    constexpr double memory = 0.95; // of the weight of a step, one step later
    const double n = static_cast<double>(step - last_step);
    const double kept = std::pow(memory, n);
    weighted_seconds = kept * weighted_seconds + (1.0 - kept) * (seconds - last_seconds) / n;
    weight = kept * weight + (1.0 - kept);
  }
  if (!started || step > last_step)
  {
    last_step = step;
    last_seconds = seconds;
  }
  started = true;
}

std::optional<double> RateEstimate::seconds_for(const std::uint64_t n_steps) const
{
  if (weight <= 0.0)
    return std::nullopt;
  return weighted_seconds / weight * static_cast<double>(n_steps);
}

std::string duration_text(const double seconds)
{
  const auto s = static_cast<unsigned long long>(std::max(0.0, std::round(seconds)));
  char text[64];
  if (s < 60)
    std::snprintf(text, sizeof text, "%llus", s);
  else if (s < 3600)
    std::snprintf(text, sizeof text, "%llum%02llus", s / 60, s % 60);
  else if (s < 86400)
    std::snprintf(text, sizeof text, "%lluh%02llum", s / 3600, s % 3600 / 60);
  else
    std::snprintf(text, sizeof text, "%llud%02lluh", s / 86400, s % 86400 / 3600);
  return text;
}

std::string rate_text(const double seconds_each)
{
  char text[64];
  const double rate = 1.0 / std::max(seconds_each, 1e-9);
  if (rate > 1.0)
    std::snprintf(text, sizeof text, rate < 100.0 ? "%.3g per s" : "%.0f per s", rate);
  else
    std::snprintf(text, sizeof text, "%.3g s each", seconds_each);
  return text;
}

std::string progress_text(const RunState &state, const std::optional<double> &seconds_each)
{
  char days[64];
  std::snprintf(days, sizeof days, "day %.2f/%.5g", state.time / units::minutes_per_day,
                state.end_time / units::minutes_per_day);
  std::string text = days;
  text += " | step " + std::to_string(state.step) + "/" + std::to_string(state.n_steps);
  if (!state.agents.empty())
    text += " |";
  for (const auto &[type, number] : state.agents)
    text += " " + type + " " + std::to_string(number);
  text += " | iterations " + std::to_string(state.work.linear_iterations);
  if (seconds_each)
    text += " | " + rate_text(*seconds_each) + " | left " +
            duration_text(*seconds_each * static_cast<double>(steps_left(state)));
  return text;
}

Progress::Progress(MPI_Comm comm, RunLog &log)
    : log(log), is_root(dealii::Utilities::MPI::this_mpi_process(comm) == 0), line(comm, log.verbosity()),
      start(Clock::now())
{
}

void Progress::update(const RunState &state, const bool output_time)
{
  if (!is_root)
    return;
  rate.add(state.step, std::chrono::duration<double>(Clock::now() - start).count());
  const std::string text = progress_text(state, rate.seconds_for(1));
  if (log.verbosity() == Verbosity::verbose)
    log.line(text + work_text(state.work));
  else if (output_time && line.is_shown())
    log.record(text);
  else if (output_time)
    log.line(text);
  line.show(text, steps_left(state) == 0);
}

void Progress::finish()
{
  line.keep();
}
} // namespace nidus
