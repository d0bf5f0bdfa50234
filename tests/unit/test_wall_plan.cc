#include "control/input_error.h"
#include "control/wall_plan.h"

#include <catch2/catch.hpp>

using nidus::wall_seconds;
using nidus::WallPlan;
using Due = WallPlan::Due;

TEST_CASE("Wall times are hours, minutes and seconds, or seconds", "[wall]")
{
  CHECK(wall_seconds("01:30:05") == 5405.0);
  CHECK(wall_seconds("100:00:00") == 360000.0);
  CHECK(wall_seconds("90") == 90.0);
  CHECK(wall_seconds("0.5") == 0.5);
  for (const char *wrong :
       {"", "0", "-1", "1:2", "01:60:00", "01:00:60", "01:00:00x", "1e3", "nan", "1.2.3", ".", "a", " 5"})
  {
    CAPTURE(wrong);
    CHECK_THROWS_AS(wall_seconds(wrong), nidus::InputError);
  }
}

TEST_CASE("A run with a wall-time limit stops when another step and its checkpoint might not end in time", "[wall]")
{
  WallPlan plan({0.0, 100.0});
  plan.begin(10.0);
  CHECK(plan.after_step(12.0) == Due::checkpoint); // to learn how long one takes
  plan.checkpoint_done(4.0, 16.0);
  double now = 16.0;
  while (plan.after_step(now += 2.0) == Due::nothing)
    CHECK(now + 1.5 * (2.0 + 4.0) + 1.0 <= 100.0);
  CHECK(now == 92.0);
  // One step as slow as never before, and there is less time than it seemed.
  WallPlan other({0.0, 100.0});
  other.begin(0.0);
  CHECK(other.after_step(1.0) == Due::checkpoint);
  other.checkpoint_done(1.0, 2.0);
  CHECK(other.after_step(40.0) == Due::nothing);
  CHECK(other.after_step(42.0) == Due::stop);
}

TEST_CASE("A run that has no time for anything stops after its first step", "[wall]")
{
  WallPlan plan({0.0, 5.0});
  plan.begin(4.5);
  CHECK(plan.after_step(4.6) == Due::stop);
}

TEST_CASE("Checkpoints by the clock are counted from the last one, whatever asked for it", "[wall]")
{
  WallPlan plan({10.0, 0.0});
  plan.begin(100.0);
  CHECK(plan.after_step(109.0) == Due::nothing);
  CHECK(plan.after_step(110.0) == Due::checkpoint);
  plan.checkpoint_done(3.0, 113.0);
  CHECK(plan.after_step(122.0) == Due::nothing);
  plan.checkpoint_done(1.0, 122.5);
  CHECK(plan.after_step(131.0) == Due::nothing);
  CHECK(plan.after_step(133.0) == Due::checkpoint);
  WallPlan off({0.0, 0.0});
  off.begin(0.0);
  CHECK(off.after_step(1e9) == Due::nothing);
}
