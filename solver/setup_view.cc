#include "setup_view.h"

#include <cstdio>

namespace nidus
{
std::string mesh_text(const double cells, const std::optional<double> &seconds_each)
{
  char text[96];
  std::snprintf(text, sizeof text, "mesh of at least %.0f cells", cells);
  return text + (seconds_each ? ", " + rate_text(*seconds_each) : "");
}

void SetupView::expect_cells(const double number)
{
  if (number <= cells)
    return;
  cells = number;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  rate.add(static_cast<std::uint64_t>(cells), seconds.count());
  phase(mesh_text(cells, rate.seconds_for(1)));
}
} // namespace nidus
