// One rank decides for all: the others ask the same, and end as it does.

#include "calibration/conducted.h"
#include "control/input_error.h"
#include "control/shared_fault.h"

#include <catch2/catch.hpp>
#include <deal.II/base/mpi.h>

using namespace nidus;
namespace on_ranks = dealii::Utilities::MPI;

TEST_CASE("What rank 0 asks all ranks ask, though each would ask something else", "[conducted]")
{
  const MPI_Comm comm = MPI_COMM_WORLD;
  const auto rank = on_ranks::this_mpi_process(comm);
  std::vector<std::string> stages;
  // Every rank answers with a sum over all ranks of what it was asked.
  const Ask ask = [&](const std::string &stage, const std::vector<Request> &requests) {
    stages.push_back(stage);
    std::vector<Answer> answers;
    for (const auto &request : requests)
      answers.push_back(
          {false, {{on_ranks::sum(request.parameters.at(0), comm), static_cast<double>(request.stream)}}});
    return answers;
  };
  unsigned int executed = 0;
  conduct(comm, ask, [&](const Ask &shared) {
    ++executed;
    const auto first = shared("first", {{{1.5, rank + 1.0}, 7}, {{2.5, 0.0}, std::uint64_t(1) << 62}});
    REQUIRE(first.size() == 2);
    CHECK(first[0].replicates[0][0] == 1.5 * on_ranks::n_mpi_processes(comm));
    CHECK(first[0].replicates[0][1] == 7.0);
    CHECK(shared("second", {{{first[1].replicates[0][0]}, 1}}).size() == 1);
    CHECK(shared("nothing", {}).empty());
  });
  CHECK(executed == (rank == 0 ? 1 : 0));
  CHECK(stages == std::vector<std::string>{"first", "second", "nothing"});
}

TEST_CASE("What the method or the model throws is thrown on all ranks", "[conducted]")
{
  const MPI_Comm comm = MPI_COMM_WORLD;
  const Ask silent = [](const std::string &, const std::vector<Request> &) { return std::vector<Answer>(); };
  const Ask broken = [](const std::string &, const std::vector<Request> &) -> std::vector<Answer> {
    throw SharedFault("the model is broken");
  };
  CHECK_THROWS_AS(conduct(comm, silent, [](const Ask &ask) { ask("", {}), throw SharedFault("no"); }), SharedFault);
  CHECK_THROWS_AS(conduct(comm, silent, [](const Ask &) { throw InputError("no", "yes"); }), InputError);
  CHECK_THROWS_AS(conduct(comm, broken, [](const Ask &ask) { ask("", {}); }), SharedFault);
}
