#include "systemic/tumour.h"

#include <cmath>

namespace nidus
{
double tumour_cells(const TumourParameters &tumour, const double time)
{
  if (tumour.growth == "none")
    return tumour.initial_cells;
  if (tumour.growth == "table")
    return tumour.table.at(time);
  const double rate = std::log(2.0) / tumour.doubling_time;
  if (tumour.growth == "exponential")
    return tumour.initial_cells * std::exp(rate * time);
  const double distance = std::log(tumour.carrying_capacity / tumour.initial_cells);
  return tumour.carrying_capacity * std::exp(-distance * std::exp(-rate / distance * time));
}
} // namespace nidus
