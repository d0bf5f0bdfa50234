#pragma once

#include <deal.II/base/mpi.h>

#include <cstdio>
#include <fstream>

#include <unistd.h>

namespace nidus::benchmark
{
inline bool first_rank()
{
  return dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
}

/// A line of a table, from rank 0 to standard error; as printf.
template <typename... Parts>
void line(const char *format, const Parts... parts)
{
  if (!first_rank())
    return;
  if constexpr (sizeof...(parts) == 0)
    std::fputs(format, stderr);
  else
    std::fprintf(stderr, format, parts...);
  std::fputc('\n', stderr);
}

/// Of all ranks. Collective.
inline double resident_bytes()
{
  double pages = 0.0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return dealii::Utilities::MPI::sum(pages * sysconf(_SC_PAGESIZE), MPI_COMM_WORLD);
}
} // namespace nidus::benchmark
