#include "systemic/time_table.h"

#include "control/input_error.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace nidus
{
namespace
{
/// Times that differ by less, relative to the longer one, are the same.
constexpr double rounding = 1e-9;

bool read_number(const std::string &text, double &value)
{
  const auto last = text.find_last_not_of(" \t\r");
  std::size_t used = 0;
  try
  {
    value = std::stod(text, &used);
  }
  catch (const std::exception &)
  {
    return false;
  }
  return last != std::string::npos && used == last + 1 && std::isfinite(value);
}
} // namespace

void TimeTable::parse(const std::string &entry, const double end_time)
{
  constexpr const char *form = "a header and rows 'time, value' with times that increase and values of at least 0";
  std::istringstream lines(text);
  std::string line;
  for (unsigned int number = 1; std::getline(lines, line); ++number)
  {
    if (line.find_first_not_of(" \t\r") == std::string::npos)
      continue;
    const auto comma = line.find(',');
    double time = 0.0, value = 0.0;
    const bool numbers = comma != std::string::npos && read_number(line.substr(0, comma), time) &&
                         read_number(line.substr(comma + 1), value);
    if (number == 1)
    {
      if (numbers)
        throw InputError(entry, file + ", line 1: " + line, "a header in the first line",
                         "write for example 'time [min], cells' above the numbers");
      continue;
    }
    if (!numbers || value < 0.0 || (!times.empty() && time <= times.back()))
      throw InputError(entry, file + ", line " + std::to_string(number) + ": " + line, form, "correct the line");
    times.push_back(time);
    values.push_back(value);
  }
  if (times.empty())
    throw InputError(entry, file, form, "the file has no rows of numbers");
  if (times.front() > 0.0 || times.back() < end_time * (1.0 - rounding))
    throw InputError(entry, file,
                     "times that cover the run, from 0 to " + std::to_string(end_time) + " min; these are from " +
                         std::to_string(times.front()) + " to " + std::to_string(times.back()),
                     "add rows, or end the run earlier");
}

double TimeTable::at(const double time) const
{
  const auto next = std::upper_bound(times.begin(), times.end(), time);
  if (next == times.begin())
    return values.front();
  if (next == times.end())
    return values.back();
  const auto i = static_cast<std::size_t>(next - times.begin());
  const double along = (time - times[i - 1]) / (times[i] - times[i - 1]);
  return values[i - 1] + along * (values[i] - values[i - 1]);
}
} // namespace nidus
