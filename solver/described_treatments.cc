#include "described_treatments.h"

#include "control/input_error.h"
#include "io/aligned_table.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
constexpr unsigned int line_width = 56;

/// What happens in each of the equal parts of the run.
std::string time_line(const InterventionParameters &entry, const double end_time)
{
  std::string line(line_width, '.');
  if (entry.is_bolus())
  {
    for (const auto &dose : entry.dose_list)
      if (dose.time <= end_time)
        line[std::min<unsigned int>(line_width - 1, dose.time / end_time * line_width)] = 'v';
    return line;
  }
  // Doses act for less than a part: the greatest effect in it counts.
  constexpr unsigned int looks = 20;
  std::vector<double> effects(line_width, 0.0);
  for (unsigned int i = 0; i < line_width * looks; ++i)
    effects[i / looks] = std::max(effects[i / looks], entry.effect((i + 0.5) / (line_width * looks) * end_time));
  const double greatest = *std::max_element(effects.begin(), effects.end());
  for (unsigned int i = 0; i < line_width; ++i)
    if (greatest > 0.0 && effects[i] >= 0.01 * greatest)
      line[i] = effects[i] >= 0.5 * greatest ? '#' : '+';
  return line;
}

std::string first_times(const InterventionParameters &entry)
{
  std::vector<std::string> times;
  for (const auto &window : entry.windows)
    times.push_back(time_in_words(window.start) +
                    (std::isfinite(window.end) ? " to " + time_in_words(window.end) : " on"));
  for (const auto &dose : entry.dose_list)
    times.push_back(time_in_words(dose.time));
  constexpr std::size_t shown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, times.size()); ++i)
    text += (text.empty() ? "" : ", ") + times[i];
  return times.size() > shown ? text + " and " + std::to_string(times.size() - shown) + " more" : text;
}

std::string targets(const InterventionParameters &entry)
{
  std::string text;
  if (entry.is_bolus())
    return "cells of " + entry.population;
  for (const auto &effect : entry.effects)
  {
    text += (text.empty() ? "" : "; ") + effect.on + " of " + listed(effect.targets);
    if (!effect.strength.empty())
      text += " (" + rounded(effect.strength.front()) + ")";
  }
  return text;
}
} // namespace

std::vector<std::string> describe_interventions(const Interventions &interventions, const double end_time)
{
  if (interventions.list.empty())
    return {"  none"};
  const std::string end = time_in_words(end_time);
  AlignedTable table({"intervention",
                      "0" + std::string(line_width - 1 - std::min<std::size_t>(end.size(), line_width - 2), '-') + end,
                      "when", "acts on (change at full effect)"});
  for (const auto &entry : interventions.list)
    table.add({entry.name, time_line(entry, end_time), first_times(entry), targets(entry)});
  return table.lines();
}

std::vector<std::string> describe_blood(const BloodParameters &blood)
{
  std::vector<std::string> lines = {"  " + rounded(blood.volume, 4) + " mL; primary tumour: " + blood.tumour.growth +
                                    ", " + rounded(blood.tumour.initial_cells, 4) + " cells at the start" +
                                    (blood.tumour.growth == "exponential" || blood.tumour.growth == "gompertz"
                                         ? ", doubling in " + time_in_words(blood.tumour.doubling_time)
                                         : "")};
  const auto add = [&](const AlignedTable &table) {
    if (table.empty())
      return;
    const auto rows = table.lines();
    lines.insert(lines.end(), rows.begin(), rows.end());
  };
  AlignedTable factors({"factor", "without a tumour", "time of clearance", "secretion of a tumour cell"});
  for (const auto &factor : blood.factors)
    if (factor.table.file.empty())
      factors.add({factor.name, rounded(factor.baseline) + " nM",
                   time_in_words(factor.clearance > 0.0 ? 1.0 / factor.clearance : HUGE_VAL),
                   rounded(factor.tumour_secretion * factor.leak) + " molecules/min reach the blood"});
    else
      factors.add({factor.name, "table " + factor.table.file});
  add(factors);
  AlignedTable cells({"circulating", "without a tumour", "time of clearance", "arrest in a passage", "arrives as"});
  for (const auto &population : blood.circulating)
    cells.add(
        {population.name,
         population.table.file.empty() ? rounded(population.baseline) + " cells/mL" : "table " + population.table.file,
         time_in_words(population.clearance > 0.0 ? 1.0 / population.clearance : HUGE_VAL),
         rounded(population.arrest_probability), population.arrives_as});
  add(cells);
  for (const auto &population : blood.circulating)
    if (population.spread > 0.0)
      lines.push_back("  circulating " + population.name + ": this animal sheds " + rounded(population.animal) +
                      " times the median");
  return lines;
}
} // namespace nidus
