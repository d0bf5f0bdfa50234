#include "control/phase_clock.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nidus
{
namespace
{
/// Group and name, in the order of Phase.
const std::pair<const char *, const char *> titles[] = {
    {"", "blood"},          {"", "fields"},       {"agents", "deposition"}, {"agents", "decisions"},
    {"agents", "arrivals"}, {"agents", "motion"}, {"", "accounts"},         {"output", "observables"},
    {"output", "files"},    {"", "checkpoints"},  {"", "resumption"},       {"", "adaptivity"},
    {"", "balance"}};
static_assert(std::size(titles) == static_cast<std::size_t>(Phase::n_phases), "a title for each phase");
} // namespace

double seconds_since(const std::chrono::steady_clock::time_point start, MPI_Comm comm)
{
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  return dealii::Utilities::MPI::max(seconds.count(), comm);
}

void PhaseClock::add(const std::string &group, const std::string &name, const double seconds)
{
  elsewhere.push_back({group, name, seconds});
}

PhaseClock::Table PhaseClock::table(MPI_Comm comm)
{
  namespace MPI = dealii::Utilities::MPI;
  go_on_with(current);
  const double whole = std::chrono::duration<double>(since - start).count();
  Table table;
  table.ranks = MPI::n_mpi_processes(comm);
  std::vector<double> mine;
  double rest = whole;
  const auto row = [&](const std::string &group, const std::string &name, const double seconds) {
    table.rows.push_back({group, name, {}});
    mine.push_back(seconds);
    rest -= seconds;
  };
  for (const auto &phase : elsewhere)
    row(phase.group, phase.name, phase.seconds);
  for (std::size_t p = 0; p < n_phases; ++p)
    row(titles[p].first, titles[p].second, spent[p]);
  row("", "other", rest);
  mine.push_back(whole);

  const auto over_ranks = MPI::min_max_avg(mine, comm);
  table.whole = over_ranks.back();
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    table.rows[i].seconds = over_ranks[i];
  table.rows.erase(std::remove_if(table.rows.begin(), table.rows.end(),
                                  [](const Row &row) { return row.name != "other" && row.seconds.max == 0.0; }),
                   table.rows.end());
  return table;
}
} // namespace nidus
