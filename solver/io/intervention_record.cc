#include "io/intervention_record.h"

#include <cmath>

namespace nidus
{
namespace
{
nlohmann::ordered_json record_of(const InterventionParameters &entry)
{
  using json = nlohmann::ordered_json;
  json record = {{"name", entry.name}, {"kind", entry.kind}};
  for (const auto &window : entry.windows)
    record["schedule [min]"].push_back(
        {{"start", window.start}, {"end", std::isfinite(window.end) ? json(window.end) : json("end of the run")}});
  for (const auto &dose : entry.dose_list)
    record["doses"].push_back({{"time [min]", dose.time}, {"amount", dose.amount}});
  if (entry.is_bolus())
  {
    record["population"] = entry.population;
    record["first pass fraction"] = entry.first_pass_fraction;
    return record;
  }
  record["level"] = entry.level;
  record["half-life [min]"] = entry.half_life;
  record["absorption half-life [min]"] = entry.absorption_half_life;
  record["half effect level"] = entry.half_effect_level;
  for (const auto &effect : entry.effects)
    record["effects"].push_back(
        {{"name", effect.name},
         {"on", effect.on},
         {"targets", effect.targets},
         {"strength", effect.strength.empty() ? json(nullptr) : json(effect.strength.front())}});
  return record;
}
} // namespace

nlohmann::ordered_json record_of(const Interventions &interventions)
{
  auto records = nlohmann::ordered_json::array();
  for (const auto &entry : interventions.list)
    records.push_back(record_of(entry));
  return records;
}
} // namespace nidus
