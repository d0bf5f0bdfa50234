// Many runs on groups of ranks: each once, the same answers for any number of groups, failures and a resumed journal.

#include "calibration/ensemble.h"
#include "control/input_error.h"
#include "control/random.h"
#include "control/shared_fault.h"
#include "unit/test_io_folder.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

using namespace nidus;
namespace on_ranks = dealii::Utilities::MPI;

namespace
{
const MPI_Comm comm = MPI_COMM_WORLD;
/// Counts what the groups begin; members differ in length, and those with a first parameter below zero fail.
struct FakeModel
{
  unsigned int begun = 0; ///< by groups of which this rank is the first

  std::optional<std::vector<double>> operator()(MPI_Comm group, const ModelRun &run)
  {
    begun += on_ranks::this_mpi_process(group) == 0 ? 1 : 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(run.seed % 7));
    if (run.parameters[0] < 0.0)
      throw SharedFault("below zero");
    if (run.parameters[0] == 0.0)
      throw InputError("Entry", "0", "others", "take another");
    return std::vector<double>{run.parameters[0] + static_cast<double>(run.seed % 1000), run.parameters[1]};
  }
};

std::vector<Request> requests_to(const double first, const unsigned int n)
{
  std::vector<Request> requests;
  for (unsigned int i = 0; i < n; ++i)
    requests.push_back({{first + i, 0.1 * i}, i / 2});
  return requests;
}

EnsembleSettings quiet(const unsigned int ranks_each, const unsigned int replicates)
{
  EnsembleSettings settings;
  settings.ranks_each = ranks_each;
  settings.replicates = replicates;
  settings.seed = 11;
  settings.quiet = true;
  return settings;
}

struct Asked
{
  std::vector<Answer> answers;
  unsigned int begun = 0; ///< over all groups
  EnsembleCost cost;
};

Asked ask(const test::TemporaryFolder &scratch, const OutputFolder::Mode mode, const EnsembleSettings &settings,
          const std::vector<Request> &requests)
{
  FakeModel model;
  const OutputFolder folder(comm, scratch.path("out"), mode);
  Ensemble ensemble(folder, settings, std::ref(model));
  Asked asked;
  asked.answers = ensemble.ask("first", requests);
  asked.begun = on_ranks::sum(model.begun, comm);
  asked.cost = ensemble.cost();
  return asked;
}

/// Of all groups. Collective.
std::vector<std::string> journal_lines(const test::TemporaryFolder &scratch)
{
  std::vector<std::string> lines;
  for (const auto &file : std::filesystem::directory_iterator(scratch.path("out/journal")))
  {
    std::ifstream stream(file.path());
    for (std::string line; std::getline(stream, line);)
      lines.push_back(line);
  }
  return lines;
}
} // namespace

TEST_CASE("Every run of an ensemble is done once, with the seed of its stream and replicate", "[ensemble]")
{
  const unsigned int ranks_each = GENERATE(1u, 2u, 3u);
  if (ranks_each > on_ranks::n_mpi_processes(comm))
    return;
  const test::TemporaryFolder scratch;
  const auto requests = requests_to(1.0, 20);
  const auto asked = ask(scratch, OutputFolder::Mode::fresh, quiet(ranks_each, 3), requests);
  CHECK(asked.begun == 60);
  CHECK(asked.cost.runs == 60);
  CHECK(asked.cost.failed == 0);
  CHECK(journal_lines(scratch).size() == 60);
  REQUIRE(asked.answers.size() == requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i)
  {
    REQUIRE(asked.answers[i].replicates.size() == 3);
    for (unsigned int r = 0; r < 3; ++r)
    {
      const auto &values = asked.answers[i].replicates[r];
      CHECK(values[1] == requests[i].parameters[1]);
      // The same as on one group: seeds depend on nothing else.
      const double seed = values[0] - requests[i].parameters[0];
      const auto mixed = random::mix(random::mix(11, requests[i].stream), r) & 0x7fffffffu;
      CHECK(seed == static_cast<double>(mixed % 1000));
    }
  }
  // Two requests of a stream have the same random numbers, two streams have others.
  const auto noise = [&](const std::size_t i, const std::size_t r) {
    return asked.answers[i].replicates[r][0] - requests[i].parameters[0];
  };
  CHECK(noise(0, 0) == noise(1, 0));
  CHECK(noise(0, 0) != noise(0, 1));
  CHECK(noise(0, 0) != noise(2, 0));
}

TEST_CASE("A run that fails is recorded with its reason and does not end the others", "[ensemble]")
{
  const test::TemporaryFolder scratch;
  const auto asked = ask(scratch, OutputFolder::Mode::fresh, quiet(1, 2), requests_to(-2.0, 6));
  CHECK(asked.begun == 12);
  CHECK(asked.cost.failed == 6);
  for (std::size_t i = 0; i < 6; ++i)
  {
    CHECK(asked.answers[i].failed == (i < 3));
    CHECK(asked.answers[i].replicates.size() == (i < 3 ? 0u : 2u));
  }
  unsigned int told = 0;
  for (const auto &line : journal_lines(scratch))
    told += line.find("below zero") != std::string::npos || line.find("take another") != std::string::npos ? 1 : 0;
  CHECK(told == 6);
}

TEST_CASE("A resumed ensemble repeats no run, also after a line that was torn", "[ensemble]")
{
  const test::TemporaryFolder scratch;
  const auto first = ask(scratch, OutputFolder::Mode::fresh, quiet(1, 2), requests_to(-1.0, 8));
  // Of another number of groups, with half a line at the end of a file.
  if (on_ranks::this_mpi_process(comm) == 0)
    std::ofstream(scratch.path("out/journal/group_000.jsonl"), std::ios::app) << "{\"key\":\"00000000000";
  MPI_Barrier(comm);
  const unsigned int ranks_each = on_ranks::n_mpi_processes(comm);
  const auto again = ask(scratch, OutputFolder::Mode::resume, quiet(ranks_each, 2), requests_to(-1.0, 10));
  CHECK(again.begun == 4);
  CHECK(again.cost.from_journal == 16);
  for (std::size_t i = 0; i < 8; ++i)
  {
    CHECK(again.answers[i].failed == first.answers[i].failed);
    CHECK(again.answers[i].replicates == first.answers[i].replicates);
  }
  CHECK(ask(scratch, OutputFolder::Mode::resume, quiet(1, 2), requests_to(-1.0, 10)).begun == 0);
  // What the outcome depends on is part of what is looked for.
  auto other = quiet(1, 2);
  other.base = 5;
  CHECK(ask(scratch, OutputFolder::Mode::resume, other, requests_to(-1.0, 10)).begun == 20);
}

TEST_CASE("A file 'stop' ends an ensemble with what is done in its journal", "[ensemble]")
{
  const test::TemporaryFolder scratch;
  FakeModel model;
  const OutputFolder folder(comm, scratch.path("out"), OutputFolder::Mode::fresh);
  Ensemble ensemble(folder, quiet(1, 1), std::ref(model));
  ensemble.ask("first", requests_to(1.0, 4));
  test::put(scratch.path("out/stop"), "");
  CHECK_NOTHROW(ensemble.ask("again", requests_to(1.0, 4)));
  CHECK_THROWS_AS(ensemble.ask("second", requests_to(1.0, 6)), StoppedEarly);
  CHECK(on_ranks::sum(model.begun, comm) == 4);
}

TEST_CASE("More ranks in a group than there are is refused", "[ensemble]")
{
  const test::TemporaryFolder scratch;
  const OutputFolder folder(comm, scratch.path("out"), OutputFolder::Mode::fresh);
  CHECK_THROWS_AS(Ensemble(folder, quiet(on_ranks::n_mpi_processes(comm) + 1, 1), FakeModel()), InputError);
}
