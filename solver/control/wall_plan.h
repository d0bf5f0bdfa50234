#pragma once

#include <chrono>
#include <string>

namespace nidus
{
/// Seconds of "HH:MM:SS" or of a number. Throws InputError for anything else, and for what is not above zero.
double wall_seconds(const std::string &text);

/**
 * When the clock on the wall asks for a checkpoint, and when it ends a run so that its last one is written in time.
 *
 * It is told seconds and decides from nothing else: ranks that tell it the same (reduced) numbers decide alike.
 */
class WallPlan
{
public:
  using Clock = std::chrono::steady_clock;

  struct Settings
  {
    double checkpoint_interval = 0.0; ///< s; 0: none by the clock
    double limit = 0.0;               ///< s since the program began; 0: none
  };

  enum class Due
  {
    nothing,
    checkpoint,
    stop
  };

  explicit WallPlan(const Settings &settings) : settings(settings) {}

  /// After each macro step, with the seconds since the program began.
  /// Stops when another step and a checkpoint, each as slow as the slowest so far and half as long again, and a second
  /// for the rest would not end within the limit. With a limit the first step is followed by a checkpoint, to learn how
  /// long one takes.
  Due after_step(double elapsed);

  /// A checkpoint that took @p seconds was written and the time is now @p elapsed; or it was tried.
  void checkpoint_done(double seconds, double elapsed);

  /// Where time is counted from that is no step: the start of the loop.
  void begin(double elapsed) { step_began = checkpoint_ended = elapsed; }

  /// "the wall-time limit of 3600 s", for the log.
  std::string limit_text() const;

private:
  Settings settings;
  double step_began = 0.0, checkpoint_ended = 0.0;
  double slowest_step = 0.0, slowest_checkpoint = 0.0;
  bool measured = false; ///< a checkpoint
};
} // namespace nidus
