#include "run_series.h"

#include "control/input_error.h"
#include "control/shared_fault.h"
#include "control/stop_request.h"
#include "control/work_groups.h"
#include "io/checkpoint_store.h"
#include "io/progress.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>

namespace nidus
{
namespace
{
/// What an earlier start has left of a member. Every rank reads: the file is small.
MemberEnd found(const std::string &folder)
{
  try
  {
    const auto provenance = nlohmann::json::parse(read_whole_file(folder + "/provenance.json"));
    if (provenance.at("end_state") == "done")
      return MemberEnd::done;
  }
  catch (const std::exception &)
  {
    // Missing or cut off: it is run again, from a checkpoint if there is one.
  }
  return CheckpointStore(folder + "/checkpoint").names().empty() ? MemberEnd::missing : MemberEnd::stopped;
}

/// On the first rank of a group; a quiet program tells of failures only, on standard error.
void say(const SeriesPlan &plan, const MemberEnd end, const std::string &text)
{
  if (plan.verbosity >= Verbosity::normal)
    std::cout << text << std::endl;
  else if (end == MemberEnd::failed)
    std::cerr << "nidus: " << text << std::endl;
}

/// Runs one and says how it ended, and how long the @p n_left after it will take in this group.
MemberEnd run_one(MPI_Comm group, const SeriesPlan &plan, const unsigned int number, const unsigned int n_left,
                  const MemberEnd before, const RunMember &run)
{
  const bool speaks = dealii::Utilities::MPI::this_mpi_process(group) == 0;
  const std::string name = plan.member + " " + std::to_string(number) + " of " + std::to_string(plan.number) + ": ";
  if (speaks && plan.verbosity == Verbosity::verbose)
    say(plan, before,
        name + "begins on " + std::to_string(dealii::Utilities::MPI::n_mpi_processes(group)) + " rank(s)");
  const auto start = std::chrono::steady_clock::now();
  MemberEnd end = MemberEnd::failed;
  std::string reason;
  try
  {
    end = run(group, number, member_folder(plan, number), before == MemberEnd::stopped);
  }
  catch (const SharedFault &failure)
  {
    // The others may well succeed: this one is reported.
    reason = std::string(": ") + failure.what();
  }
  catch (const InputError &fault)
  {
    // Replicates are alike: all groups meet it. Other members may well be without it.
    if (plan.alike)
      throw;
    reason = std::string(": ") + fault.what();
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (speaks)
  {
    char after[80];
    std::snprintf(after, sizeof after, "%s after %.1f s", in_words(end), seconds.count());
    const std::string left = n_left > 0 ? ", left " + duration_text(seconds.count() * n_left) : "";
    say(plan, end, name + after + reason + left);
  }
  return end;
}
} // namespace

std::string member_folder(const SeriesPlan &plan, const unsigned int number)
{
  char name[32];
  std::snprintf(name, sizeof name, "_%03u", number);
  return plan.output + "/" + plan.member + name;
}

const char *in_words(const MemberEnd end)
{
  switch (end)
  {
  case MemberEnd::missing:
    return "not begun";
  case MemberEnd::done:
    return "done";
  case MemberEnd::stopped:
    return "stopped early";
  case MemberEnd::failed:
    return "failed";
  }
  return "";
}

std::vector<MemberEnd> run_series(MPI_Comm communicator, const SeriesPlan &plan, const RunMember &run,
                                  const TellEnds &tell)
{
  const unsigned int ranks = dealii::Utilities::MPI::n_mpi_processes(communicator),
                     rank = dealii::Utilities::MPI::this_mpi_process(communicator);
  const WorkGroups groups(communicator, plan.ranks_each > 0 ? plan.ranks_each : std::max(1u, ranks / plan.number),
                          "option --ranks-each");
  MPI_Comm group = groups.communicator();
  const OutputFolder folder(communicator, plan.output,
                            plan.resume ? OutputFolder::Mode::resume : OutputFolder::Mode::fresh);
  if (!folder.notice().empty() && rank == 0 && plan.verbosity >= Verbosity::normal)
    std::cout << folder.notice() << std::endl;

  if (rank == 0)
    tell(folder, std::vector<MemberEnd>(plan.number, MemberEnd::missing), false);
  std::vector<int> here(plan.number, 0), ends(plan.number, 0);
  if (group != MPI_COMM_NULL)
  {
    const auto work = [&](const unsigned int number) {
      auto end = plan.resume ? found(member_folder(plan, number)) : MemberEnd::missing;
      // All ranks of the group must have looked before anyone changes what they see.
      end = static_cast<MemberEnd>(dealii::Utilities::MPI::max(static_cast<int>(end), group));
      if (end != MemberEnd::done && !StopRequest::asked(group).stop)
        end = run_one(group, plan, number, (plan.number - number) / groups.number(), end, run);
      here[number - 1] = static_cast<int>(end);
    };
    try
    {
      for (unsigned int number = groups.index() + 1; number <= plan.number; number += groups.number())
        work(number);
    }
    catch (const InputError &)
    {
      // All groups meet it in their first member, before it writes: an empty folder need not stay.
      std::error_code ignored;
      if (rank == 0)
        std::filesystem::remove(plan.output, ignored);
      throw;
    }
  }
  MPI_Allreduce(here.data(), ends.data(), static_cast<int>(plan.number), MPI_INT, MPI_MAX, communicator);
  std::vector<MemberEnd> result;
  result.reserve(ends.size());
  for (const int end : ends)
    result.push_back(static_cast<MemberEnd>(end));
  if (rank == 0)
    tell(folder, result, true);
  MPI_Barrier(communicator);
  return result;
}
} // namespace nidus
