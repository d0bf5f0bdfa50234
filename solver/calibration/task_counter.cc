#include "calibration/task_counter.h"

#include <limits>

namespace nidus
{
namespace
{
/// A window with @p n values on rank 0, to which all ranks have access until it is freed.
template <typename T>
MPI_Win open_window(MPI_Comm communicator, const int n, const T value)
{
  int rank = 0;
  MPI_Comm_rank(communicator, &rank);
  T *memory = nullptr;
  MPI_Win window = MPI_WIN_NULL;
  const MPI_Aint bytes = rank == 0 ? static_cast<MPI_Aint>(n * sizeof(T)) : 0;
  MPI_Win_allocate(bytes, sizeof(T), MPI_INFO_NULL, communicator, &memory, &window);
  MPI_Win_lock_all(0, window);
  if (rank == 0)
    for (int i = 0; i < n; ++i)
      memory[i] = value;
  MPI_Win_sync(window);
  MPI_Barrier(communicator);
  MPI_Win_sync(window);
  return window;
}

void free_window(MPI_Win &window)
{
  if (window == MPI_WIN_NULL)
    return;
  MPI_Win_unlock_all(window);
  MPI_Win_free(&window);
}

constexpr MPI_Aint next_place = 0, done_place = 1;
} // namespace

TaskCounter::TaskCounter(MPI_Comm communicator)
    : numbers(open_window<std::int64_t>(communicator, 2, 0)),
      misfits(open_window<double>(communicator, 1, std::numeric_limits<double>::infinity()))
{
}

std::int64_t TaskCounter::add(const std::int64_t what, const MPI_Aint where)
{
  std::int64_t before = 0;
  MPI_Fetch_and_op(&what, &before, MPI_INT64_T, 0, where, MPI_SUM, numbers);
  MPI_Win_flush(0, numbers);
  return before;
}

std::int64_t TaskCounter::take()
{
  return add(1, next_place);
}

void TaskCounter::take_all(const std::int64_t beyond)
{
  add(beyond, next_place);
}

std::int64_t TaskCounter::done(const double misfit)
{
  double before = 0.0;
  MPI_Fetch_and_op(&misfit, &before, MPI_DOUBLE, 0, 0, MPI_MIN, misfits);
  MPI_Win_flush(0, misfits);
  return add(1, done_place) + 1;
}

double TaskCounter::least_misfit()
{
  const double nothing = 0.0;
  double value = 0.0;
  MPI_Fetch_and_op(&nothing, &value, MPI_DOUBLE, 0, 0, MPI_NO_OP, misfits);
  MPI_Win_flush(0, misfits);
  return value;
}

void TaskCounter::close()
{
  free_window(numbers);
  free_window(misfits);
}
} // namespace nidus
