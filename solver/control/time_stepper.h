#pragma once

#include <cstdint>

namespace nidus
{
/**
 * The only owner of time. Time is an integer number of macro steps; agents and fields advance in an integer number
 * of substeps of it, outputs come after an integer number of macro steps. No floating-point comparison decides an
 * event.
 */
class TimeStepper
{
public:
  struct Settings
  {
    double macro_step = 0.0;               ///< min
    std::uint64_t n_steps = 0;             ///< macro steps until the end
    unsigned int motion_substeps = 1;      ///< motion steps in a macro step
    unsigned int field_substeps = 1;       ///< field steps in a macro step
    std::uint64_t output_interval = 1;     ///< macro steps
    std::uint64_t checkpoint_interval = 0; ///< macro steps; 0: none on schedule
  };

  explicit TimeStepper(const Settings &settings) : settings(settings) {}

  std::uint64_t step() const { return current; }
  std::uint64_t n_steps() const { return settings.n_steps; }
  double time() const { return static_cast<double>(current) * settings.macro_step; }
  double end_time() const { return static_cast<double>(settings.n_steps) * settings.macro_step; }

  double macro_step() const { return settings.macro_step; }
  double motion_step() const { return settings.macro_step / settings.motion_substeps; }
  double field_step() const { return settings.macro_step / settings.field_substeps; }
  unsigned int motion_substeps() const { return settings.motion_substeps; }
  unsigned int field_substeps() const { return settings.field_substeps; }

  /// The number of the motion step, unique over the run: it keys random draws.
  std::uint64_t motion_step_number(unsigned int substep) const { return current * settings.motion_substeps + substep; }

  bool finished() const { return current >= settings.n_steps; }
  bool output_due() const { return finished() || current % settings.output_interval == 0; }
  bool checkpoint_due() const
  {
    return settings.checkpoint_interval > 0 && current > 0 && current % settings.checkpoint_interval == 0;
  }
  std::uint64_t output_number() const { return (current + settings.output_interval - 1) / settings.output_interval; }

  void advance() { ++current; }
  void resume_at(std::uint64_t step) { current = step; }

private:
  Settings settings;
  std::uint64_t current = 0;
};
} // namespace nidus
