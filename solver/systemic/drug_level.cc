#include "systemic/drug_level.h"

#include "control/input_error.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
constexpr const char *windows_allowed =
    "'start to end, start to end' in min; 'start' alone lasts to the end of the run";
constexpr const char *doses_allowed = "'time: amount, time: amount'";

std::string trimmed(const std::string &text)
{
  const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

std::vector<std::string> parts_of(const std::string &text)
{
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();)
  {
    const auto comma = std::min(text.find(',', begin), text.size());
    parts.push_back(trimmed(text.substr(begin, comma - begin)));
    begin = comma + 1;
  }
  return parts;
}

double number(const std::string &text, const std::string &entry, const std::string &part, const char *allowed)
{
  std::size_t used = 0;
  double value = 0.0;
  try
  {
    value = std::stod(text, &used);
  }
  catch (const std::exception &)
  {
    used = 0;
  }
  if (used == 0 || used != text.size() || !std::isfinite(value))
    throw InputError(entry, part, allowed, "write numbers such as 14400");
  if (value < 0.0)
    throw InputError(entry, part, std::string(allowed) + ", none below zero", "nothing acts before the run begins");
  return value;
}

std::string in_words(const Window &window)
{
  const auto in_minutes = [](const double time) {
    std::string text = std::to_string(time);
    text.erase(text.find_last_not_of('0') + 1);
    return text.back() == '.' ? text.substr(0, text.size() - 1) : text;
  };
  return in_minutes(window.start) + (std::isfinite(window.end) ? " to " + in_minutes(window.end) : "");
}
} // namespace

std::vector<Window> parse_windows(const std::string &text, const std::string &entry)
{
  std::vector<Window> windows;
  if (trimmed(text).empty())
    return windows;
  for (const auto &part : parts_of(text))
  {
    Window window;
    const auto separator = part.find(" to ");
    window.start = number(trimmed(part.substr(0, separator)), entry, part, windows_allowed);
    if (separator != std::string::npos)
      window.end = number(trimmed(part.substr(separator + 4)), entry, part, windows_allowed);
    if (window.end <= window.start)
      throw InputError(entry, part, "a window that ends after its start", "correct the times");
    windows.push_back(window);
  }
  std::sort(windows.begin(), windows.end(), [](const Window &a, const Window &b) { return a.start < b.start; });
  for (std::size_t i = 1; i < windows.size(); ++i)
    if (windows[i].start < windows[i - 1].end)
      throw InputError(entry, in_words(windows[i]),
                       "windows that do not overlap; it begins within '" + in_words(windows[i - 1]) + "'",
                       "end the earlier window before, or join the two");
  return windows;
}

std::vector<Dose> parse_doses(const std::string &text, const std::string &entry)
{
  std::vector<Dose> doses;
  if (trimmed(text).empty())
    return doses;
  for (const auto &part : parts_of(text))
  {
    const auto colon = part.find(':');
    if (colon == std::string::npos)
      throw InputError(entry, part, doses_allowed, "write for example '14400: 2000'");
    doses.push_back({number(trimmed(part.substr(0, colon)), entry, part, doses_allowed),
                     number(trimmed(part.substr(colon + 1)), entry, part, doses_allowed)});
  }
  std::sort(doses.begin(), doses.end(), [](const Dose &a, const Dose &b) { return a.time < b.time; });
  return doses;
}

double level_after_dose(const double time, const double half_life, const double absorption_half_life)
{
  if (time < 0.0)
    return 0.0;
  const double elimination = std::log(2.0) / half_life;
  if (absorption_half_life <= 0.0)
    return std::exp(-elimination * time);
  // (exp(-ke t) - exp(-ka t)) / (ka - ke) is symmetric in both rates: written with the slower one, and with
  // (1 - exp(-x)) / x, it neither cancels nor overflows.
  const double absorption = std::log(2.0) / absorption_half_life;
  const double slow = std::min(elimination, absorption), x = std::abs(absorption - elimination) * time;
  const double shape = x > 0.0 ? -std::expm1(-x) / x : 1.0;
  return absorption * time * std::exp(-slow * time) * shape;
}
} // namespace nidus
