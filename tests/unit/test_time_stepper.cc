#include "control/time_stepper.h"

#include <catch2/catch.hpp>

TEST_CASE("Time is an integer number of steps, and outputs fall on multiples", "[time]")
{
  nidus::TimeStepper::Settings settings;
  settings.macro_step = 0.1;
  settings.n_steps = 1000;
  settings.motion_substeps = 4;
  settings.output_interval = 30;
  settings.checkpoint_interval = 100;
  nidus::TimeStepper time(settings);
  unsigned int outputs = 0, checkpoints = 0;
  CHECK(time.motion_step() == Approx(0.025));
  while (!time.finished())
  {
    CHECK(time.motion_step_number(3) + 1 == 4 * (time.step() + 1));
    time.advance();
    outputs += time.output_due() ? 1 : 0;
    checkpoints += time.checkpoint_due() ? 1 : 0;
  }
  CHECK(time.time() == 100.0); // no drift from adding 0.1 a thousand times
  CHECK(outputs == 34);        // 33 multiples of 30, and the end
  CHECK(time.output_number() == 34);
  CHECK(checkpoints == 10);
}
