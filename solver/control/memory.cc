#include "control/memory.h"

#include <deal.II/base/mpi.h>
#include <deal.II/base/utilities.h>

#include <sys/resource.h>

#include <malloc.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>

namespace nidus
{
namespace
{
constexpr double bytes_per_kb = 1024.0;
constexpr double unlimited = std::numeric_limits<double>::infinity();

/// The number behind @p name in a file of lines "NAME NUMBER"; @p otherwise when there is none.
double number_in(const std::string &file, const std::string &name, const double otherwise)
{
  std::ifstream stream(file);
  std::string word;
  double number = 0.0;
  for (std::string line; std::getline(stream, line);)
    if (std::istringstream(line) >> word >> number && word == name)
      return number;
  return otherwise;
}

/// The number that a file consists of; @p otherwise for another text ("max") and for a file that is not there.
double number_of(const std::string &file, const double otherwise)
{
  double number = 0.0;
  return std::ifstream(file) >> number ? number : otherwise;
}

/// What a control group leaves: its limit without what is used, where files that may be dropped do not count.
double left_by_group(const std::string &folder, const std::string &limit, const std::string &usage)
{
  const double most = number_of(folder + limit, unlimited);
  const double used = number_of(folder + usage, 0.0);
  const double files = number_in(folder + "memory.stat", "inactive_file", 0.0);
  return most - std::max(0.0, used - files);
}

/// The least that the groups around this process leave.
double left_by_groups()
{
  double left = unlimited;
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);)
  {
    // NUMBER:CONTROLLERS:PATH; version 2 has no controllers there.
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (second == std::string::npos)
      continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const bool newer = controllers.empty();
    if (!newer && ("," + controllers + ",").find(",memory,") == std::string::npos)
      continue;
    const std::string root = newer ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    // A limit of a group holds for all groups in it. In a container the path may be that of the host: then there are
    // no such files but those at the root.
    for (std::string path = line.substr(second + 1);; path.erase(path.rfind('/')))
    {
      const std::string folder = root + (path == "/" ? "" : path) + "/";
      left = std::min(left, newer ? left_by_group(folder, "memory.max", "memory.current")
                                  : left_by_group(folder, "memory.limit_in_bytes", "memory.usage_in_bytes"));
      if (path.rfind('/') == std::string::npos)
        break;
    }
  }
  return left;
}
} // namespace

MemoryUse memory_use()
{
  dealii::Utilities::System::MemoryStats stats;
  dealii::Utilities::System::get_memory_stats(stats);
  return {bytes_per_kb * static_cast<double>(stats.VmRSS), bytes_per_kb * static_cast<double>(stats.VmHWM),
          bytes_per_kb * static_cast<double>(stats.VmSize)};
}

double peak_memory(MPI_Comm communicator)
{
  return dealii::Utilities::MPI::sum(memory_use().peak / (bytes_per_kb * bytes_per_kb), communicator);
}

void give_back_freed_memory()
{
  malloc_trim(0);
}

double available_memory(MPI_Comm communicator)
{
  namespace MPI = dealii::Utilities::MPI;
  const MemoryUse own = memory_use();
  MPI_Comm node = MPI_COMM_NULL;
  MPI_Comm_split_type(communicator, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
  const double free = bytes_per_kb * number_in("/proc/meminfo", "MemAvailable:", unlimited);
  const double left = MPI::min(std::min(free, left_by_groups()), node);
  double share = (left + MPI::sum(own.resident, node)) / MPI::n_mpi_processes(node);
  MPI_Comm_free(&node);
  rlimit space{};
  if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
    share = std::min(share, static_cast<double>(space.rlim_cur) - own.address + own.resident);
  return MPI::min(share, communicator) * MPI::n_mpi_processes(communicator);
}
} // namespace nidus
