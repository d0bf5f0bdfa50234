#include "io/timing.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace nidus
{
namespace
{
using Json = nlohmann::ordered_json;
using dealii::Utilities::MPI::MinMaxAvg;

std::string full_name(const PhaseClock::Row &row)
{
  return row.group.empty() ? row.name : row.group + ": " + row.name;
}

double share(const MinMaxAvg &part, const MinMaxAvg &whole)
{
  return whole.avg > 0.0 ? part.avg / whole.avg : 0.0;
}

Json over_ranks(const MinMaxAvg &values)
{
  return {{"minimum", values.min}, {"mean", values.avg}, {"maximum", values.max}};
}
} // namespace

std::vector<std::string> timing_lines(const Timing &timing)
{
  const auto &whole = timing.phases.whole;
  std::size_t width = 10;
  for (const auto &row : timing.phases.rows)
    width = std::max(width, full_name(row).size());
  char text[160];
  const auto line = [&](const std::string &name, const MinMaxAvg &seconds) {
    std::snprintf(text, sizeof text, "  %-*s %10.2f %10.2f %10.2f %7.1f %%", static_cast<int>(width), name.c_str(),
                  seconds.min, seconds.avg, seconds.max, 100.0 * share(seconds, whole));
    return std::string(text);
  };
  std::snprintf(text, sizeof text, "  %-*s %10s %10s %10s %9s", static_cast<int>(width), "phase", "least s", "mean s",
                "most s", "share");
  std::vector<std::string> lines = {
      "timing over " + std::to_string(timing.phases.ranks) + (timing.phases.ranks == 1 ? " rank:" : " ranks:"), text};
  for (const auto &row : timing.phases.rows)
    lines.push_back(line(full_name(row), row.seconds));
  lines.push_back(line("wall time", whole));
  for (const auto &[name, values] : timing.load)
  {
    std::snprintf(text, sizeof text, "  %s of a rank: least %.0f, mean %.0f, most %.0f", name.c_str(), values.min,
                  values.avg, values.max);
    lines.emplace_back(text);
  }
  return lines;
}

std::string timing_json(const Timing &timing)
{
  Json content;
  content["ranks"] = timing.phases.ranks;
  content["unit"] = "s";
  content["wall_time"] = over_ranks(timing.phases.whole);
  content["phases"] = Json::array();
  for (const auto &row : timing.phases.rows)
  {
    Json entry = {{"group", row.group}, {"name", row.name}};
    entry.update(over_ranks(row.seconds));
    entry["share"] = share(row.seconds, timing.phases.whole);
    content["phases"].push_back(entry);
  }
  content["load"] = Json::array();
  for (const auto &[name, values] : timing.load)
  {
    Json entry = {{"name", name}};
    entry.update(over_ranks(values));
    content["load"].push_back(entry);
  }
  return content.dump(2) + "\n";
}
} // namespace nidus
