#include "test_io_folder.h"

#include "io/legend.h"
#include "io/progress.h"
#include "io/provenance.h"
#include "io/run_log.h"
#include "io/versions.h"
#include "setup_view.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <iostream>
#include <sstream>

using namespace nidus;
using namespace nidus::test;
using Catch::Contains;
using Mode = OutputFolder::Mode;

namespace
{
/// Takes what goes to standard output, and says whether it is a terminal.
class Listener
{
public:
  explicit Listener(const bool terminal) : before(std::cout.rdbuf(text.rdbuf()))
  {
    setenv("NIDUS_TERMINAL", terminal ? "1" : "0", 1);
    setenv("COLUMNS", "60", 1);
  }
  ~Listener()
  {
    std::cout.rdbuf(before);
    unsetenv("NIDUS_TERMINAL");
    unsetenv("COLUMNS");
  }
  std::string heard() const { return text.str(); }

private:
  std::ostringstream text;
  std::streambuf *before;
};

RunState state_of_step(const std::uint64_t step)
{
  RunState state;
  state.time = 30.0 * static_cast<double>(step);
  state.end_time = 28 * 1440.0;
  state.step = step;
  state.n_steps = 1344;
  state.agents = {{"fib", 20314}, {"hpc", 122}, {"csc", 3}, {"tum", 0}};
  state.work = {1, 2, 23, 0};
  return state;
}
} // namespace

TEST_CASE("The log is on standard output and in the file", "[io][mpi]")
{
  const TemporaryFolder scratch;
  for (const Mode mode : {Mode::fresh, Mode::resume})
  {
    const Listener listener(false);
    const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), mode);
    RunLog log(folder);
    log.line("one");
    log.record("two");
    log.warning("careful");
    log.warning("careful");
    log.warning("slow");
    log.summary();
    log.check();
    CHECK(log.n_warnings() == (is_root() ? 3 : 0));
    const std::string on_screen = "one\nwarning: careful\nwarning: slow\n3 warnings:\n  careful (2 times)\n  slow\n";
    CHECK(listener.heard() == (is_root() ? on_screen : ""));
  }
  const auto lines = lines_of(scratch.path("run/run.log"));
  REQUIRE(lines.size() == 14);
  CHECK(lines[1] == "two");
  CHECK(lines[7] == "one");
}

TEST_CASE("A quiet log leaves standard output alone, a verbose one tells more", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const std::vector<std::pair<Verbosity, std::string>> cases = {
      {Verbosity::silent, ""},
      {Verbosity::quiet, ""},
      {Verbosity::normal, "one\nwarning: careful\n"},
      {Verbosity::verbose, "one\ndetail\nwarning: careful\n"}};
  for (const auto &[verbosity, on_screen] : cases)
  {
    const Listener listener(false);
    const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
    RunLog log(folder, verbosity);
    log.line("one");
    log.detail("detail");
    log.warning("careful");
    log.check();
    CHECK(listener.heard() == (is_root() ? on_screen : ""));
    CHECK(lines_of(folder.path("run.log")) == std::vector<std::string>{"one", "detail", "warning: careful"});
  }
}

TEST_CASE("A verbose run has a line for each step", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const Listener listener(false);
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
  RunLog log(folder, Verbosity::verbose);
  Progress progress(MPI_COMM_WORLD, log);
  for (std::uint64_t step = 0; step < 3; ++step)
    progress.update(state_of_step(step), false);
  progress.finish();
  const auto lines = lines_of(folder.path("run.log"));
  REQUIRE(lines.size() == 3);
  CHECK_THAT(lines[2], Contains("step 2/1344") && Contains("iterations 23 | ") &&
                           Contains("field steps 1, newton iterations 2, tried again 0"));
}

TEST_CASE("Progress is one line on a terminal and plain lines elsewhere", "[io][mpi]")
{
  const TemporaryFolder scratch;
  for (const bool terminal : {false, true})
  {
    const Listener listener(terminal);
    const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
    RunLog log(folder);
    Progress progress(MPI_COMM_WORLD, log);
    progress.update(state_of_step(0), true);
    for (std::uint64_t step = 1; step < 200; ++step)
      progress.update(state_of_step(step), step == 156);
    progress.finish();
    log.line("end");

    const auto lines = lines_of(folder.path("run.log"));
    REQUIRE(lines.size() == 3);
    CHECK_THAT(lines[1], Contains("day 3.25/28 | step 156/1344 | fib 20314 hpc 122 csc 3 tum 0 | iterations 23 |") &&
                             Contains(" per s | left "));
    if (!is_root())
      CHECK(listener.heard().empty());
    else if (!terminal)
      CHECK(listener.heard() == lines[0] + "\n" + lines[1] + "\nend\n");
    else
      // 200 steps in much less than a fifth of a second: one update, cut to the columns of the terminal.
      CHECK_THAT(listener.heard(), Contains("\rday 0.00/28 | step 0/1344 | fib 20314 hpc 122 csc 3 tum 0 |\x1b[K\n"));
  }
}

TEST_CASE("The time left follows the rate of the last steps", "[io]")
{
  RateEstimate rate;
  rate.add(100, 5.0); // a resumed run
  CHECK_FALSE(rate.seconds_for(10));
  rate.add(101, 7.0);
  CHECK(rate.seconds_for(10).value() == Approx(20.0));
  for (std::uint64_t step = 102; step <= 400; ++step)
    rate.add(step, 7.0 + 4.0 * static_cast<double>(step - 101));
  CHECK(rate.seconds_for(10).value() == Approx(40.0).epsilon(1e-3));

  CHECK(duration_text(41.4) == "41s");
  CHECK(duration_text(192.0) == "3m12s");
  CHECK(duration_text(7500.0) == "2h05m");
  CHECK(duration_text(97200.0) == "1d03h");
  CHECK(rate_text(0.08) == "12.5 per s");
  CHECK(mesh_text(12000.0, std::nullopt) == "mesh of at least 12000 cells");
  CHECK(mesh_text(96000.0, 1.0 / 24000.0) == "mesh of at least 96000 cells, 24000 per s");
  CHECK(rate_text(3.2) == "3.2 s each");
  CHECK(truncated("a\xC3\xA9z", 2) == "a\xC3\xA9");
  CHECK(truncated("short", 80) == "short");
}

TEST_CASE("The provenance tells program, libraries and end", "[io][mpi]")
{
  const TemporaryFolder scratch;
  RunIdentity identity;
  identity.title = "A title";
  identity.parameter_file = "case.prm";
  identity.resolved_parameters = "set A = 1\n";
  identity.dimension = 3;
  identity.seed = (std::uint64_t(1) << 63) + 1;
  identity.command_line = {"nidus", "run", "case.prm"};
  identity.interventions = {{{"name", "drug"}, {"from", 10.0}}};
  const auto read = [&] { return nlohmann::json::parse(content_of(scratch.path("run/provenance.json"))); };
  {
    const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
    RunProvenance provenance(folder, identity);
    CHECK(read()["end_state"] == "running");
    provenance.finish("stopped early");
  }
  const auto first = read();
  CHECK(first["end_state"] == "stopped early");
  CHECK(first["wall_time_seconds"] >= 0.0);
  CHECK(first["seed"] == identity.seed);
  CHECK(first["ranks"] == dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD));
  CHECK(first["parameters_hash"] == content_hash("set A = 1\n"));
  CHECK(first["interventions"][0]["name"] == "drug");
  CHECK(first["command_line"].size() == 3);
  CHECK(first["start_time"].get<std::string>().size() == 20);
  const auto all = versions();
  for (const auto &part : all.items())
    CHECK(first[part.key()] == nlohmann::json(part.value()));
  MPI_Barrier(MPI_COMM_WORLD);

  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::resume);
  RunProvenance(folder, identity).finish("done");
  const auto second = read();
  CHECK(second["end_state"] == "done");
  REQUIRE(second["earlier_parts"].size() == 1);
  CHECK(second["earlier_parts"][0] == first);
}

TEST_CASE("The versions for a reader are those of the provenance", "[io]")
{
  const auto all = versions();
  const std::string text = versions_text();
  CHECK_THAT(text, Contains("nidus ") && Contains(all["compiler"].get<std::string>()) &&
                       Contains(all["instruction_set"].get<std::string>()));
  for (const char *library :
       {"deal.II", "PETSc", "p4est", "VTK", "MPI", "Random123", "muparser", "nlohmann-json", "CLI11"})
  {
    const auto version = all["libraries"][library].get<std::string>();
    CHECK_FALSE(version.empty());
    CHECK_THAT(text, Contains("\n" + std::string(library) + " " + version));
  }
}

TEST_CASE("The hash of a text is that of FNV-1a", "[io]")
{
  CHECK(content_hash("") == "cbf29ce484222325");
  CHECK(content_hash("a") == "af63dc4c8601ec8c");
  CHECK(content_hash("foobar") == "85944171f73967e8");
}

TEST_CASE("The legend names what the numbers mean", "[io]")
{
  RegionParameters airway;
  airway.name = "airway";
  airway.tissue = false;
  FieldsParameters fields;
  fields.fields.resize(2);
  fields.fields[0].name = "tgf-beta";
  fields.fields[0].label = "TGF-\xCE\xB2";
  fields.fields[1].name = "fn";
  fields.fields[1].unit = "1";
  AgentParameters agents;
  agents.types.resize(1);
  agents.types[0].name = "tum";
  agents.types[0].group = "tumour";
  agents.types[0].radius = 7.5;
  agents.types[0].states.resize(1);
  agents.types[0].states[0].name = "dormant";

  const auto legend = nlohmann::json::parse(legend_text("A title", 2, {airway}, fields, agents));
  CHECK(legend["title"] == "A title");
  CHECK(legend["dimension"] == 2);
  CHECK(legend["length_unit"] == "um");
  CHECK(legend["time_unit"] == "min");
  CHECK(legend["regions"] == nlohmann::json::parse(R"([{"id": 0, "name": "airway", "tissue": false}])"));
  CHECK(legend["fields"][0]["name"] == "tgf_beta");
  CHECK(legend["fields"][0]["label"] == "TGF-\xCE\xB2");
  CHECK(legend["fields"][1] == nlohmann::json::parse(R"({"name": "fn", "label": "fn", "unit": "1"})"));
  CHECK(legend["agent_types"][0] == nlohmann::json::parse(R"({"id": 0, "name": "tum", "label": "tum",
    "group": "tumour", "radius": 7.5, "states": [{"id": 0, "name": "dormant"}]})"));
}
