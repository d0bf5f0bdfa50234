#include "benchmarks/gradient_error.h"
#include "measured.h"

#include <catch2/catch.hpp>

TEST_CASE("Agents round a point source see where it is", "[gradient]")
{
  // Limits: half of what nearest-voxel central differences reach on voxels of this size.
  const double limit[] = {4.5, 2.2, 1.1}, radius[] = {50.0, 100.0, 200.0};
  const auto angles = nidus::benchmark::measure_gradient_angles();
  for (unsigned int r = 0; r < 3; ++r)
  {
    nidus::test::measured("gradient", "median error of the direction, degrees, at " + std::to_string(radius[r]) + " um",
                          angles[r], "< " + std::to_string(limit[r]));
    CHECK(angles[r] < limit[r]);
  }
}
