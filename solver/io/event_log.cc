#include "io/event_log.h"

#include "io/number_text.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <iterator>
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
} // namespace

EventLog::EventLog(const OutputFolder &folder) : folder(folder), file(folder, "events.csv", header) {}

void EventLog::gather(const std::vector<EventRow> &rows)
{
  MPI_Comm comm = folder.communicator();
  // Most steps have few events or none; the number also serves the count on all ranks.
  const std::uint64_t n_rows = dealii::Utilities::MPI::sum(static_cast<std::uint64_t>(rows.size()), comm);
  if (n_rows == 0)
    return;
  auto rows_by_rank = dealii::Utilities::MPI::gather(comm, rows, 0);
  std::vector<EventRow> all;
  for (auto &part : rows_by_rank)
    std::move(part.begin(), part.end(), std::back_inserter(all));
  std::stable_sort(all.begin(), all.end(), earlier);
  std::string lines;
  for (const EventRow &row : all)
    lines += text(row);
  file.add(lines, n_rows);
}
} // namespace nidus
