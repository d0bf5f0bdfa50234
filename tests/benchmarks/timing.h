#pragma once

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace nidus::benchmark
{
/// Wall time since some moment, s, after all ranks have come here.
inline double now()
{
  MPI_Barrier(MPI_COMM_WORLD);
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Median of @p repeats wall times of @p work, s.
template <typename Work>
double median_seconds(const unsigned int repeats, const Work &work)
{
  std::vector<double> times;
  for (unsigned int i = 0; i < repeats; ++i)
  {
    const double start = now();
    work();
    times.push_back(now() - start);
  }
  std::nth_element(times.begin(), times.begin() + repeats / 2, times.end());
  return times[repeats / 2];
}
} // namespace nidus::benchmark
