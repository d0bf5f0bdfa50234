#include "io/event_log.h"

#include "io/number_text.h"
#include "io/outcome.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <tuple>

namespace nidus
{
namespace
{
constexpr const char *header = "step,time [min],key,event,type,from,to,daughter\n";

bool earlier(const EventRow &a, const EventRow &b)
{
  return std::tie(a.step, a.key, a.order) < std::tie(b.step, b.key, b.order);
}

std::string text(const EventRow &row)
{
  return std::to_string(row.step) + "," + number_text(row.time) + "," + key_text(row.key) + "," + row.event + "," +
         row.type + "," + row.from + "," + row.to + "," + (row.daughter == 0 ? "" : key_text(row.daughter)) + "\n";
}

/// Bytes of the file up to the end of its line number @p lines (from 1). Throws std::runtime_error if it has fewer.
std::uint64_t length_of_lines(const std::string &path, std::uint64_t lines)
{
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error(system_fault("open", path));
  std::uint64_t length = 0;
  std::vector<char> block(1u << 20);
  while (lines > 0)
  {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto end = block.begin() + file.gcount();
    if (file.gcount() == 0)
      throw std::runtime_error("cannot resume with '" + path + "': it has fewer rows than at the checkpoint");
    for (auto at = block.begin(); at != end && lines > 0; ++at, ++length)
      lines -= *at == '\n' ? 1 : 0;
  }
  return length;
}
} // namespace

EventLog::EventLog(const OutputFolder &folder) : folder(folder), path(folder.path("events.csv"))
{
  on_root(folder.communicator(), [&] {
    std::error_code ignored;
    if (folder.mode() == OutputFolder::Mode::fresh || !std::filesystem::exists(path, ignored))
      write_whole_file(path, header);
  });
}

void EventLog::gather(const std::vector<EventRow> &rows)
{
  MPI_Comm comm = folder.communicator();
  // Most steps have few events or none; the number also serves the count on all ranks.
  const std::uint64_t n_rows = dealii::Utilities::MPI::sum(static_cast<std::uint64_t>(rows.size()), comm);
  if (n_rows == 0)
    return;
  rows_pending += n_rows;
  auto rows_by_rank = dealii::Utilities::MPI::gather(comm, rows, 0);
  std::vector<EventRow> all;
  for (auto &part : rows_by_rank)
    std::move(part.begin(), part.end(), std::back_inserter(all));
  std::stable_sort(all.begin(), all.end(), earlier);
  for (const EventRow &row : all)
    pending += text(row);
}

void EventLog::flush()
{
  if (rows_pending == 0)
    return;
  on_root(folder.communicator(), [&] {
    FileDescriptor file(path, O_WRONLY | O_APPEND);
    const auto length = ::lseek(file.number(), 0, SEEK_END);
    try
    {
      file.write(pending);
      file.sync();
    }
    catch (const std::exception &)
    {
      // Half a row would puzzle the next reader; if it cannot be cut off, truncate_to() does it at the restart.
      const int uncut = length >= 0 ? ::ftruncate(file.number(), length) : 0;
      static_cast<void>(uncut);
      throw;
    }
    file.close();
    pending.clear();
  });
  rows_in_file += rows_pending;
  rows_pending = 0;
}

void EventLog::truncate_to(const std::uint64_t rows)
{
  on_root(folder.communicator(), [&] {
    std::error_code fault;
    std::filesystem::resize_file(path, length_of_lines(path, rows + 1), fault);
    if (fault)
      throw std::runtime_error("cannot shorten '" + path + "': " + fault.message());
    pending.clear();
  });
  rows_in_file = rows;
  rows_pending = 0;
}
} // namespace nidus
