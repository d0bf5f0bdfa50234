#include "control/phase_clock.h"

#include <catch2/catch.hpp>

#include <numeric>
#include <stdexcept>

using nidus::Phase;
using nidus::PhaseClock;

namespace
{
constexpr double moment = 0.002; // s

void wait()
{
  const auto start = std::chrono::steady_clock::now();
  while (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < moment)
    continue;
}

double sum_of_means(const PhaseClock::Table &table)
{
  return std::accumulate(table.rows.begin(), table.rows.end(), 0.0,
                         [](const double sum, const PhaseClock::Row &row) { return sum + row.seconds.avg; });
}
} // namespace

TEST_CASE("Phases within phases have their time for themselves, and all add up", "[phase clock]")
{
  PhaseClock clock;
  wait();
  const int result = clock.during(Phase::output, [&] {
    clock.during(Phase::checkpoint, wait);
    return 7;
  });
  CHECK(result == 7);
  const double inner = clock.seconds(Phase::checkpoint), outer = clock.seconds(Phase::output);
  CHECK(inner >= moment);
  clock.during(Phase::output, wait);
  CHECK(clock.seconds(Phase::checkpoint) == inner);
  CHECK(clock.seconds(Phase::output) >= outer + moment);

  const auto table = clock.table(MPI_COMM_SELF);
  REQUIRE(table.rows.size() == 3); // phases that took no time are left out
  CHECK(table.ranks == 1);
  CHECK(table.rows.back().name == "other");
  CHECK(table.rows.back().seconds.avg >= moment);
  CHECK(table.whole.max >= 3 * moment);
  CHECK(sum_of_means(table) == Approx(table.whole.avg).epsilon(1e-12));
}

TEST_CASE("A phase that ends with an exception gives way to the one around it", "[phase clock]")
{
  PhaseClock clock;
  clock.during(Phase::output, [&] {
    CHECK_THROWS(clock.during(Phase::fields, [] { throw std::runtime_error("no"); }));
    const double fields = clock.seconds(Phase::fields);
    wait();
    clock.during(Phase::motion, wait);
    CHECK(clock.seconds(Phase::fields) == fields);
  });
  CHECK(clock.seconds(Phase::output) >= moment);
}

TEST_CASE("What was measured elsewhere is no longer 'other'", "[phase clock]")
{
  PhaseClock clock;
  wait();
  clock.add("set-up", "mesh", 0.5 * moment);
  clock.during(Phase::fields, [&] {
    wait();
    // A table in the midst of a phase counts it up to now.
    const auto table = clock.table(MPI_COMM_SELF);
    REQUIRE(table.rows.size() == 3);
    CHECK(table.rows[0].group == "set-up");
    CHECK(table.rows[0].seconds.avg == 0.5 * moment);
    CHECK(table.rows[1].seconds.avg >= moment);
    CHECK(table.rows[2].seconds.avg >= 0.5 * moment);
    CHECK(sum_of_means(table) == Approx(table.whole.avg).epsilon(1e-12));
  });
}
