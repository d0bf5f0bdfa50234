#include "adaptive_lobe.h"
#include "measured.h"

#include <catch2/catch.hpp>

using namespace nidus;

TEST_CASE("Fewer cells tell agents in a lobe the same SDF-1", "[lung]")
{
  // In a lobe of 70 cells length half of the cells lie at the walls, so that little can be saved: benchmark_adaptivity
  // shows what is in one of twice that length.
  const auto result = test::compare_lobes(1400.0, 20.0, 20.0, 0.001);
  test::measured("lung", "cells with tissue: uniform, adaptive", result.uniform_cells, result.adaptive_cells);
  test::measured("lung", "error at agents against cells of half the size: uniform, adaptive", result.uniform_error,
                 result.adaptive_error);
  CHECK(result.uniform_cells > 1.7 * result.adaptive_cells);
  CHECK(result.adaptive_error < 1.1 * result.uniform_error);
}
