#pragma once

#include <mpi.h>

#include <cstdint>

namespace nidus
{
/**
 * Hands out the numbers 0, 1, 2, ... to whoever is free, without a master: two numbers in the memory of rank 0, which
 * all ranks change by one-sided fetch-and-add, and the least misfit so far.
 *
 * Constructor and close() are collective; the rest is not. What is not closed when an exception passes is left alone,
 * since the other ranks may never come to free it; such an exception ends the program.
 */
class TaskCounter
{
public:
  explicit TaskCounter(MPI_Comm communicator);
  ~TaskCounter() = default;
  TaskCounter(const TaskCounter &) = delete;
  TaskCounter &operator=(const TaskCounter &) = delete;

  /// The next number.
  std::int64_t take();

  /// From now on take() gives numbers of at least @p beyond: nobody begins anything more.
  void take_all(std::int64_t beyond);

  /// One task is done, with this misfit (infinite: it tells nothing). Returns how many are.
  std::int64_t done(double misfit);

  /// Infinite before the first.
  double least_misfit();

  void close();

private:
  std::int64_t add(std::int64_t what, MPI_Aint where);

  MPI_Win numbers = MPI_WIN_NULL, misfits = MPI_WIN_NULL;
};
} // namespace nidus
