#include "coupling/bolus.h"

#include "control/random.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
/// So that the keys of injected cells do not meet those of others.
constexpr std::uint64_t bolus_word = 0x626f6c75ull;

/// A time at the border of two steps belongs to the later one, even when it is written with few digits.
constexpr double rounding = 1e-9;
} // namespace

std::vector<Bolus> boluses_in(const Interventions &interventions, const BloodParameters &blood,
                              const std::uint64_t step, const double macro_step)
{
  std::vector<Bolus> boluses;
  const auto names = blood.circulating_names();
  for (std::size_t i = 0; i < interventions.list.size(); ++i)
  {
    const auto &entry = interventions.list[i];
    if (!entry.is_bolus())
      continue;
    const auto population =
        static_cast<std::size_t>(std::find(names.begin(), names.end(), entry.population) - names.begin());
    for (std::size_t dose = 0; dose < entry.dose_list.size(); ++dose)
      if (static_cast<std::uint64_t>(std::floor(entry.dose_list[dose].time / macro_step + rounding)) == step)
        boluses.push_back({random::mix(random::mix(bolus_word, i), dose), population,
                           static_cast<std::uint64_t>(entry.dose_list[dose].amount), entry.first_pass_fraction});
  }
  return boluses;
}
} // namespace nidus
