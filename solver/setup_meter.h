#pragma once

#include <mpi.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace nidus
{
/// Wall time and memory of each phase in which a run is set up. All functions are collective.
class SetupMeter
{
public:
  /// Is told each phase when it begins.
  using Begins = std::function<void(const std::string &phase)>;

  explicit SetupMeter(MPI_Comm communicator, Begins begins = {}) : comm(communicator), begins(std::move(begins)) {}

  /// Over all ranks.
  struct Phase
  {
    std::string name;
    double seconds = 0.0; ///< of the slowest rank
    double here = 0.0;    ///< seconds of this rank
    double kept = 0.0;    ///< growth of the resident memory, bytes
    double peak = 0.0;    ///< greatest resident memory so far, at the end, bytes
  };

  /// Does @p work and returns its result, which need not be movable. Work of one name is one phase.
  template <typename Do>
  auto during(const std::string &phase, const Do &work)
  {
    const Span span(*this, phase);
    return work();
  }

  /// Appends the phases of another meter.
  void append(const SetupMeter &other) { list.insert(list.end(), other.list.begin(), other.list.end()); }

  const std::vector<Phase> &phases() const { return list; }

private:
  using Clock = std::chrono::steady_clock;

  class Span
  {
  public:
    Span(SetupMeter &meter, const std::string &name);
    ~Span() noexcept(false);
    Span(const Span &) = delete;
    Span &operator=(const Span &) = delete;

  private:
    SetupMeter &meter;
    std::string name;
    int exceptions; ///< under way at the start: a phase that ends with another one is not finished
    double resident;
    Clock::time_point start;
  };

  void add(const std::string &name, double seconds, double kept);

  MPI_Comm comm;
  Begins begins;
  std::vector<Phase> list;
};

/// "set-up NAME: 1.2 s, 340 bytes per UNIT kept, peak of all ranks so far 812 MB", with @p number units.
std::string phase_line(const SetupMeter::Phase &phase, double number, const std::string &unit);
} // namespace nidus
