#include "io/progress.h"

#include "control/units.h"
#include "io/terminal.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

namespace nidus
{
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

std::string progress_text(const RunState &state, const std::optional<double> &seconds_left)
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
  text += " | iterations " + std::to_string(state.iterations);
  if (seconds_left)
    text += " | left " + duration_text(*seconds_left);
  return text;
}

std::string truncated(const std::string &text, const unsigned int columns)
{
  const auto continues = [](const char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; };
  unsigned int characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!continues(text[i]) && characters++ == columns)
      return text.substr(0, i);
  return text;
}

Progress::Progress(MPI_Comm comm, RunLog &log)
    : log(log), is_root(dealii::Utilities::MPI::this_mpi_process(comm) == 0),
      on_terminal(is_root && !log.is_quiet() && terminal::attached()), start(Clock::now())
{
}

void Progress::update(const RunState &state, const bool output_time)
{
  if (!is_root)
    return;
  const auto now = Clock::now();
  rate.add(state.step, std::chrono::duration<double>(now - start).count());
  const std::uint64_t steps_left = state.n_steps > state.step ? state.n_steps - state.step : 0;
  const std::string text = progress_text(state, rate.seconds_for(steps_left));
  if (output_time && on_terminal)
    log.record(text);
  else if (output_time)
    log.line(text);

  constexpr auto shortest_pause = std::chrono::milliseconds(200);
  if (on_terminal && (!last_shown || steps_left == 0 || now - *last_shown >= shortest_pause))
  {
    // The last column stays free: some terminals begin a new line when it is written.
    std::cout << '\r' << truncated(text, std::max(2u, terminal::width()) - 1) << "\x1b[K" << std::flush;
    last_shown = now;
    line_open = true;
  }
}

void Progress::finish()
{
  if (line_open)
    std::cout << std::endl;
  line_open = false;
}
} // namespace nidus
