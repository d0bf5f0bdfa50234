#include "control/wall_plan.h"

#include "control/input_error.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace nidus
{
namespace
{
constexpr double margin = 1.5; ///< steps become slower as agents multiply, disks when others write
constexpr double rest = 1.0;   ///< s: the end of the log, MPI_Finalize
} // namespace

double wall_seconds(const std::string &text)
{
  unsigned int hours = 0, minutes = 0, seconds = 0;
  int end = 0;
  double result = 0.0;
  if (std::sscanf(text.c_str(), "%5u:%2u:%2u%n", &hours, &minutes, &seconds, &end) == 3 &&
      static_cast<std::size_t>(end) == text.size() && minutes < 60 && seconds < 60 &&
      text.find_first_not_of("0123456789:") == std::string::npos)
    result = 3600.0 * hours + 60.0 * minutes + seconds;
  else if (!text.empty() && text.find_first_not_of("0123456789.") == std::string::npos)
  {
    char *rest_of_text = nullptr;
    result = std::strtod(text.c_str(), &rest_of_text);
    result = *rest_of_text == '\0' ? result : 0.0;
  }
  if (!(result > 0.0) || !std::isfinite(result))
    throw InputError("option --wall-time-limit", text, "HH:MM:SS or seconds, above zero", "for example 01:30:00");
  return result;
}

WallPlan::Due WallPlan::after_step(const double elapsed)
{
  slowest_step = std::max(slowest_step, elapsed - step_began);
  step_began = elapsed;
  const double needed = margin * (slowest_step + slowest_checkpoint) + rest;
  if (settings.limit > 0.0 && elapsed + needed > settings.limit)
    return Due::stop;
  const bool by_clock =
      settings.checkpoint_interval > 0.0 && elapsed - checkpoint_ended >= settings.checkpoint_interval;
  const bool to_learn = settings.limit > 0.0 && !measured;
  return by_clock || to_learn ? Due::checkpoint : Due::nothing;
}

void WallPlan::checkpoint_done(const double seconds, const double elapsed)
{
  measured = true;
  slowest_checkpoint = std::max(slowest_checkpoint, seconds);
  step_began = checkpoint_ended = elapsed;
}

std::string WallPlan::limit_text() const
{
  char text[64];
  std::snprintf(text, sizeof text, "the wall-time limit of %.0f s", settings.limit);
  return text;
}
} // namespace nidus
