#include "calibration/ensemble.h"

#include "calibration/task_counter.h"
#include "control/input_error.h"
#include "control/random.h"
#include "control/shared_fault.h"
#include "control/stop_request.h"
#include "io/progress.h"

#include <deal.II/base/mpi.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <limits>
#include <set>
#include <thread>

namespace nidus
{
namespace
{
namespace MPI = dealii::Utilities::MPI;

/// Wait between lines of progress, s.
constexpr double between_lines = 5.0;
} // namespace

void wait_for_all(MPI_Comm communicator)
{
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(communicator, &request);
  for (int there = 0; MPI_Test(&request, &there, MPI_STATUS_IGNORE), there == 0;)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

Ensemble::Ensemble(const OutputFolder &folder, const EnsembleSettings &settings, const RunModel &run)
    : folder(folder), settings(settings), model(run), journal(folder),
      groups(folder.communicator(), settings.ranks_each, "Calibration/Ranks each"),
      best(std::numeric_limits<double>::infinity())
{
  known = journal.read();
}

ModelRun Ensemble::run_of(const std::vector<double> &parameters, const std::uint64_t stream,
                          const unsigned int replicate) const
{
  const std::uint64_t mixed = random::mix(random::mix(settings.seed, stream), replicate);
  return {parameters, stream, replicate, mixed & 0x7fffffffu};
}

std::vector<Ensemble::Task> Ensemble::open_tasks(const std::vector<Request> &requests)
{
  std::vector<Task> tasks;
  std::set<std::uint64_t> listed;
  for (const auto &request : requests)
    for (unsigned int r = 0; r < settings.replicates; ++r)
    {
      const ModelRun run = run_of(request.parameters, request.stream, r);
      const auto key = key_of(run, settings.base);
      if (known.count(key) > 0)
        spent.from_journal += listed.count(key) == 0 ? 1 : 0;
      else if (listed.count(key) == 0)
        tasks.push_back({key, run});
      listed.insert(key);
    }
  return tasks;
}

std::vector<Answer> Ensemble::ask(const std::string &stage, const std::vector<Request> &requests)
{
  const auto tasks = open_tasks(requests);
  if (!tasks.empty())
  {
    const auto start = std::chrono::steady_clock::now();
    batch_began = MPI_Wtime();
    TaskCounter counter(folder.communicator());
    const std::string lines = groups.communicator() == MPI_COMM_NULL ? "" : work(stage, tasks, counter);
    wait_for_all(folder.communicator());
    best = std::min(best, MPI::broadcast(folder.communicator(), counter.least_misfit()));
    counter.close();
    settle(lines, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::vector<Answer> answers;
  for (const auto &request : requests)
  {
    Answer answer;
    for (unsigned int r = 0; r < settings.replicates; ++r)
    {
      const auto *const found = outcome(request.parameters, request.stream, r);
      // All ranks know the same outcomes.
      if (found == nullptr)
        throw StoppedEarly();
      answer.failed = answer.failed || found->failed();
      answer.replicates.push_back(found->values);
    }
    if (answer.failed)
      answer.replicates.clear();
    answers.push_back(answer);
  }
  return answers;
}

const RunOutcome *Ensemble::outcome(const std::vector<double> &parameters, const std::uint64_t stream,
                                    const unsigned int replicate) const
{
  const auto found = known.find(key_of(run_of(parameters, stream, replicate), settings.base));
  return found == known.end() ? nullptr : &found->second;
}

std::string Ensemble::work(const std::string &stage, const std::vector<Task> &tasks, TaskCounter &counter)
{
  const auto n = static_cast<std::int64_t>(tasks.size());
  MPI_Comm group = groups.communicator();
  const bool first = MPI::this_mpi_process(group) == 0;
  std::string lines;
  while (true)
  {
    std::error_code ignored;
    const bool file = first && std::filesystem::exists(folder.path("stop"), ignored);
    const bool stop = StopRequest::asked(group, file).stop;
    std::int64_t next = 0;
    if (first && stop)
      counter.take_all(n);
    else if (first)
      next = counter.take();
    next = MPI::broadcast(group, next);
    if (stop || next >= n)
      break;
    const Task &task = tasks[static_cast<std::size_t>(next)];
    const auto outcome = run_one(task.run);
    if (!outcome.has_value())
      continue;
    if (!first)
      continue;
    const std::string line = journal_line(stage, task.key, task.run, *outcome);
    journal.append(groups.index(), line);
    lines += line;
    const bool judged = misfit && !outcome->failed();
    const auto done = counter.done(judged ? misfit(outcome->values) : std::numeric_limits<double>::infinity());
    if (groups.index() == 0)
      tell(stage, done, tasks.size(), counter.least_misfit());
  }
  journal.sync();
  return lines;
}

std::optional<RunOutcome> Ensemble::run_one(const ModelRun &run) const
{
  const auto start = std::chrono::steady_clock::now();
  RunOutcome outcome;
  try
  {
    const auto values = model(groups.communicator(), run);
    if (!values.has_value())
      return std::nullopt;
    outcome.values = *values;
    for (const double value : outcome.values)
      if (!std::isfinite(value))
        outcome.reason = "an observable is not a number: it is a mean of nothing, or out of range";
  }
  catch (const SharedFault &fault)
  {
    outcome.reason = fault.what();
  }
  catch (const InputError &fault)
  {
    outcome.reason = fault.what();
  }
  if (outcome.failed())
    outcome.values.clear();
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

void Ensemble::tell(const std::string &stage, const std::int64_t done, const std::size_t of, const double least)
{
  const double now = MPI_Wtime();
  if (settings.quiet || (now - last_told < between_lines && done < static_cast<std::int64_t>(of)))
    return;
  last_told = now;
  const double left = (now - batch_began) / static_cast<double>(done) * static_cast<double>(of - done);
  char text[160];
  std::snprintf(text, sizeof text, "%s: %lld of %zu runs", stage.c_str(), static_cast<long long>(done), of);
  std::string line = text;
  const double so_far = std::min(best, least);
  if (std::isfinite(so_far))
  {
    std::snprintf(text, sizeof text, " | least misfit of a run %.3g", so_far);
    line += text;
  }
  std::cout << line << " | left in this stage " << duration_text(left) << std::endl;
}

void Ensemble::settle(const std::string &lines, const double seconds)
{
  double run_seconds = 0.0;
  for (const auto &part : MPI::all_gather(folder.communicator(), lines))
    for (const auto &[key, outcome] : outcomes_in(part))
    {
      known[key] = outcome;
      ++spent.runs;
      spent.failed += outcome.failed() ? 1 : 0;
      run_seconds += outcome.seconds;
    }
  const double busy_before = spent.busy * spent.batch_seconds;
  const double slowest = MPI::max(seconds, folder.communicator());
  spent.batch_seconds += slowest;
  spent.run_seconds += run_seconds;
  if (spent.batch_seconds > 0.0)
    spent.busy = (busy_before + run_seconds / groups.number()) / spent.batch_seconds;
}
} // namespace nidus
