#include "replicates.h"

#include "control/input_error.h"
#include "control/quantile.h"
#include "control/shared_fault.h"
#include "control/stop_request.h"
#include "io/checkpoint_store.h"
#include "io/number_text.h"
#include "io/output_folder.h"
#include "io/progress.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <sstream>

namespace nidus
{
namespace
{
std::string folder_of(const ReplicatePlan &plan, const unsigned int number)
{
  char name[32];
  std::snprintf(name, sizeof name, "/replicate_%03u", number);
  return plan.output + name;
}

/// What an earlier start has left of a replicate. Every rank reads: the file is small.
ReplicateEnd found(const std::string &folder)
{
  try
  {
    const auto provenance = nlohmann::json::parse(read_whole_file(folder + "/provenance.json"));
    if (provenance.at("end_state") == "done")
      return ReplicateEnd::done;
  }
  catch (const std::exception &)
  {
    // Missing or cut off: it is run again, from a checkpoint if there is one.
  }
  return CheckpointStore(folder + "/checkpoint").names().empty() ? ReplicateEnd::missing : ReplicateEnd::stopped;
}

const char *in_words(const ReplicateEnd end)
{
  switch (end)
  {
  case ReplicateEnd::missing:
    return "not begun";
  case ReplicateEnd::done:
    return "done";
  case ReplicateEnd::stopped:
    return "stopped early";
  case ReplicateEnd::failed:
    return "failed";
  }
  return "";
}

/// Rows of numbers below one header.
struct Table
{
  std::string header;
  std::vector<std::vector<double>> rows;
};

Table read_table(const std::string &path)
{
  std::istringstream lines(read_whole_file(path));
  Table table;
  std::getline(lines, table.header);
  for (std::string line; std::getline(lines, line);)
  {
    auto &row = table.rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');)
      row.push_back(std::strtod(cell.c_str(), nullptr));
  }
  return table;
}

/// Standard deviation of a sample; NaN of fewer than two values.
double deviation(const std::vector<double> &values, const double mean)
{
  if (values.size() < 2)
    return std::nan("");
  double sum = 0.0;
  for (const double value : values)
    sum += (value - mean) * (value - mean);
  return std::sqrt(sum / (static_cast<double>(values.size()) - 1.0));
}

/// One table for each summary; a number that is missing (NaN) in some replicates is summed up over the others.
void write_summaries(const OutputFolder &folder, const std::vector<Table> &tables)
{
  const std::vector<std::pair<std::string, double>> quantiles = {
      {"q05", 0.05}, {"q25", 0.25}, {"q50", 0.5}, {"q75", 0.75}, {"q95", 0.95}};
  std::size_t n_rows = tables.front().rows.size();
  for (const auto &table : tables)
    n_rows = std::min(n_rows, table.rows.size());
  std::vector<std::string> texts(2 + quantiles.size(), tables.front().header + "\n");
  for (std::size_t r = 0; r < n_rows; ++r)
    for (std::size_t c = 0; c < tables.front().rows[r].size(); ++c)
    {
      std::vector<double> values;
      for (const auto &table : tables)
        if (!std::isnan(table.rows[r].at(c)))
          values.push_back(table.rows[r][c]);
      std::sort(values.begin(), values.end());
      double mean = 0.0;
      for (const double value : values)
        mean += value / static_cast<double>(values.size());
      mean = values.empty() ? std::nan("") : mean;
      std::vector<double> numbers = {mean, c == 0 ? mean : deviation(values, mean)};
      for (const auto &entry : quantiles)
        numbers.push_back(quantile(values, entry.second));
      const char *const end = c + 1 == tables.front().rows[r].size() ? "\n" : ",";
      for (std::size_t k = 0; k < texts.size(); ++k)
        texts[k] += number_text(numbers[k]) + end;
    }
  write_whole_file(folder.path("statistics_mean.csv"), texts[0]);
  write_whole_file(folder.path("statistics_sd.csv"), texts[1]);
  for (std::size_t q = 0; q < quantiles.size(); ++q)
    write_whole_file(folder.path("statistics_" + quantiles[q].first + ".csv"), texts[2 + q]);
}

void summarise(const ReplicatePlan &plan, const OutputFolder &folder, const std::vector<ReplicateEnd> &ends)
{
  std::string list = "replicate,end,folder\n";
  std::vector<Table> tables;
  for (unsigned int number = 1; number <= plan.number; ++number)
  {
    const auto end = ends[number - 1];
    const std::string path = folder_of(plan, number);
    list += std::to_string(number) + "," + in_words(end) + "," + path.substr(path.rfind('/') + 1) + "\n";
    if (end == ReplicateEnd::done)
      tables.push_back(read_table(path + "/statistics.csv"));
  }
  write_whole_file(folder.path("replicates.csv"), list);
  if (!tables.empty())
    write_summaries(folder, tables);
  if (plan.verbosity >= Verbosity::normal)
    std::cout << tables.size() << " of " << plan.number << " replicates are done; their mean, standard deviation and "
              << "quantiles are in " << folder.path() << std::endl;
}

/// On the first rank of a group; a quiet program tells of failures only, on standard error.
void tell(const ReplicatePlan &plan, const ReplicateEnd end, const std::string &text)
{
  if (plan.verbosity >= Verbosity::normal)
    std::cout << text << std::endl;
  else if (end == ReplicateEnd::failed)
    std::cerr << "nidus: " << text << std::endl;
}

/// Runs one and says how it ended, and how long the @p n_left after it will take in this group.
ReplicateEnd run_one(MPI_Comm group, const ReplicatePlan &plan, const unsigned int number, const unsigned int n_left,
                     const ReplicateEnd before, const RunReplicate &run)
{
  const bool speaks = dealii::Utilities::MPI::this_mpi_process(group) == 0;
  const std::string name = "replicate " + std::to_string(number) + " of " + std::to_string(plan.number) + ": ";
  if (speaks && plan.verbosity == Verbosity::verbose)
    tell(plan, before,
         name + "begins on " + std::to_string(dealii::Utilities::MPI::n_mpi_processes(group)) + " rank(s)");
  const auto start = std::chrono::steady_clock::now();
  ReplicateEnd end = ReplicateEnd::failed;
  std::string reason;
  try
  {
    end = run(group, number, folder_of(plan, number), before == ReplicateEnd::stopped);
  }
  catch (const SharedFault &failure)
  {
    // The others may well succeed: this one is reported.
    reason = std::string(": ") + failure.what();
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (speaks)
  {
    char after[80];
    std::snprintf(after, sizeof after, "%s after %.1f s", in_words(end), seconds.count());
    const std::string left = n_left > 0 ? ", left " + duration_text(seconds.count() * n_left) : "";
    tell(plan, end, name + after + reason + left);
  }
  return end;
}
} // namespace

std::vector<ReplicateEnd> run_replicates(MPI_Comm communicator, const ReplicatePlan &plan, const RunReplicate &run)
{
  const unsigned int ranks = dealii::Utilities::MPI::n_mpi_processes(communicator),
                     rank = dealii::Utilities::MPI::this_mpi_process(communicator);
  if (plan.ranks_each > ranks)
    throw input_error("option --ranks-each", plan.ranks_each,
                      "at most the " + std::to_string(ranks) + " rank(s) of mpirun", "start more ranks, or lower it");
  const unsigned int each = plan.ranks_each > 0 ? plan.ranks_each : std::max(1u, ranks / plan.number);
  const unsigned int n_groups = ranks / each, mine = rank / each;
  const OutputFolder folder(communicator, plan.output,
                            plan.resume ? OutputFolder::Mode::resume : OutputFolder::Mode::fresh);
  if (!folder.notice().empty() && rank == 0 && plan.verbosity >= Verbosity::normal)
    std::cout << folder.notice() << std::endl;

  MPI_Comm group = MPI_COMM_NULL;
  // Ranks that fill no group have nothing to do.
  MPI_Comm_split(communicator, mine < n_groups ? static_cast<int>(mine) : MPI_UNDEFINED, static_cast<int>(rank),
                 &group);
  std::vector<int> here(plan.number, 0), ends(plan.number, 0);
  if (group != MPI_COMM_NULL)
  {
    const auto work = [&](const unsigned int number) {
      auto end = plan.resume ? found(folder_of(plan, number)) : ReplicateEnd::missing;
      // All ranks of the group must have looked before anyone changes what they see.
      end = static_cast<ReplicateEnd>(dealii::Utilities::MPI::max(static_cast<int>(end), group));
      if (end != ReplicateEnd::done && StopRequest::asked(group) != StopRequest::Wish::stop)
        end = run_one(group, plan, number, (plan.number - number) / n_groups, end, run);
      here[number - 1] = static_cast<int>(end);
    };
    try
    {
      for (unsigned int number = mine + 1; number <= plan.number; number += n_groups)
        work(number);
    }
    catch (const InputError &)
    {
      // All groups meet it in their first replicate, before it writes: an empty folder need not stay.
      std::error_code ignored;
      if (rank == 0)
        std::filesystem::remove(plan.output, ignored);
      throw;
    }
    MPI_Comm_free(&group);
  }
  MPI_Allreduce(here.data(), ends.data(), static_cast<int>(plan.number), MPI_INT, MPI_MAX, communicator);
  std::vector<ReplicateEnd> result;
  for (const int end : ends)
    result.push_back(static_cast<ReplicateEnd>(end));
  if (rank == 0)
    summarise(plan, folder, result);
  MPI_Barrier(communicator);
  return result;
}
} // namespace nidus
