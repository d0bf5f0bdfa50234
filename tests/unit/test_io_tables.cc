#include "test_io_folder.h"

#include "control/input_error.h"
#include "io/event_log.h"
#include "io/number_text.h"
#include "io/pvd.h"
#include "io/statistics.h"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <sstream>

using namespace nidus;
using namespace nidus::test;
using Catch::Contains;
using Mode = OutputFolder::Mode;

TEST_CASE("Numbers read back as they were", "[io]")
{
  for (const double value : {0.1, 1.0 / 3.0, 1e-300, 6.02214076e23, -2.5, 9007199254740993.0, 123456789.0, 5e-324})
    CHECK(std::strtod(number_text(value).c_str(), nullptr) == value);
  CHECK(number_text(1000000.0) == "1000000");
  CHECK(number_text(0.1) == "0.1");
  CHECK(std::signbit(std::strtod(number_text(-0.0).c_str(), nullptr)));
  CHECK(number_text(-std::nan("")) == "nan");
  CHECK(number_text(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(key_text(0x0123456789abcdefu) == "0123456789abcdef");
  CHECK(key_text(0) == "0000000000000000");
}

TEST_CASE("Statistics read back as they were written", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
  StatisticsTable table(folder, {{"time", "min"}, {"tgfb mean", "nM"}, {"agents", "1"}});
  const std::vector<std::vector<double>> rows = {{0.0, 0.1, 3.0}, {30.0, 1.0 / 3.0, 1e6}};
  for (const auto &row : rows)
    table.add_row(row);

  const auto lines = lines_of(folder.path("statistics.csv"));
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "time [min],tgfb mean [nM],agents [1]");
  for (std::size_t i = 0; i < rows.size(); ++i)
  {
    std::istringstream line(lines[i + 1]);
    std::vector<double> values;
    for (std::string item; std::getline(line, item, ',');)
      values.push_back(std::strtod(item.c_str(), nullptr));
    CHECK(values == rows[i]);
  }
}

TEST_CASE("Statistics go on from a checkpoint", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
  const std::vector<StatisticsTable::Column> columns = {{"time", "min"}, {"x", "1"}};
  StatisticsTable table(folder, columns);
  table.add_row({1.0, 0.5});
  const auto saved = table.rows();
  table.add_row({2.0, 0.6});
  const std::string whole = content_of(folder.path("statistics.csv"));

  StatisticsTable resumed(folder, columns);
  resumed.restore(saved);
  CHECK(lines_of(folder.path("statistics.csv")).size() == 2);
  resumed.add_row({2.0, 0.6});
  CHECK(content_of(folder.path("statistics.csv")) == whole);

  StatisticsTable other(folder, {{"time", "min"}});
  CHECK_THAT(fault_of<InputError>([&] { other.restore(saved); }), Contains("other columns"));
}

TEST_CASE("Names that would break the table are refused", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
  using Columns = std::vector<StatisticsTable::Column>;
  CHECK_THROWS_AS(StatisticsTable(folder, Columns{{"a,b", "1"}}), InputError);
  CHECK_THROWS_AS(StatisticsTable(folder, Columns{{"a", "nM,1"}}), InputError);
  CHECK_THROWS_AS(StatisticsTable(folder, Columns{{"a", "1"}, {"a", "nM"}}), InputError);
}

namespace
{
EventRow event(const std::uint64_t step, const std::uint64_t key, const std::uint32_t order, const std::string &what)
{
  EventRow row;
  row.step = step;
  row.time = 30.0 * static_cast<double>(step);
  row.key = key;
  row.order = order;
  row.event = what;
  row.type = "tum";
  row.from = "a";
  row.to = "b";
  return row;
}

/// Hands each row to another rank, backwards.
std::vector<EventRow> scattered(const std::vector<EventRow> &rows)
{
  const std::size_t n_ranks = dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD);
  const std::size_t rank = dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
  std::vector<EventRow> mine;
  for (std::size_t i = rows.size(); i-- > 0;)
    if (i % n_ranks == rank)
      mine.push_back(rows[i]);
  return mine;
}
} // namespace

TEST_CASE("Events are in the order of step, key and time", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
  constexpr std::uint64_t large = (std::uint64_t(1) << 63) + 5;
  EventLog log(folder);
  std::vector<EventRow> rows = {event(1, 7, 0, "changed"), event(1, 7, 1, "divided"), event(1, large, 0, "died")};
  rows[1].daughter = large + 1;
  log.gather(scattered(rows));
  log.gather({});
  log.gather(scattered({event(2, 3, 0, "arrived")}));
  CHECK(log.n_rows() == 0);
  log.flush();
  CHECK(log.n_rows() == 4);
  log.flush();

  const std::vector<std::string> expected = {
      "step,time [min],key,event,type,from,to,daughter", "1,30,0000000000000007,changed,tum,a,b,",
      "1,30,0000000000000007,divided,tum,a,b,8000000000000006", "1,30,8000000000000005,died,tum,a,b,",
      "2,60,0000000000000003,arrived,tum,a,b,"};
  CHECK(lines_of(folder.path("events.csv")) == expected);
}

TEST_CASE("A resumed run cuts off the events after its checkpoint", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const auto rows_of_step = [](const std::uint64_t step) {
    return scattered({event(step, 1, 0, "changed"), event(step, 2, 0, "changed")});
  };
  std::string whole;
  {
    const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
    EventLog log(folder);
    for (std::uint64_t step = 1; step <= 3; ++step)
    {
      log.gather(rows_of_step(step));
      log.flush();
    }
    whole = content_of(folder.path("events.csv"));
  }
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::resume);
  EventLog log(folder);
  log.truncate_to(2);
  CHECK(log.n_rows() == 2);
  CHECK(lines_of(folder.path("events.csv")).size() == 3);
  log.gather(rows_of_step(2));
  log.gather(rows_of_step(3));
  log.flush();
  CHECK(content_of(folder.path("events.csv")) == whole);
  CHECK_THAT(fault_of<std::runtime_error>([&] { log.truncate_to(7); }), Contains("fewer rows"));
  CHECK(content_of(folder.path("events.csv")) == whole);
}

TEST_CASE("Events that do not fit on the disk are kept for another try", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
  EventLog log(folder);
  log.gather(scattered({event(1, 1, 0, "changed")}));
  const std::string path = folder.path("events.csv");
  if (is_root())
  {
    std::filesystem::rename(path, path + ".real");
    std::filesystem::create_symlink("/dev/full", path);
  }
  CHECK_THAT(fault_of<std::runtime_error>([&] { log.flush(); }), Contains(path) && Contains("No space left"));
  CHECK(log.n_rows() == 0);
  MPI_Barrier(MPI_COMM_WORLD);
  if (is_root())
    std::filesystem::rename(path + ".real", path);
  log.flush();
  CHECK(lines_of(path).size() == 2);
}

TEST_CASE("Events are told in words", "[io]")
{
  AgentParameters agents;
  agents.types.resize(2);
  agents.types[0].name = "csc";
  agents.types[0].states.resize(2);
  agents.types[0].states[0].name = "dormant";
  agents.types[0].states[1].name = "proliferating";
  agents.types[1].name = "tum";
  agents.types[1].states.resize(1);
  agents.types[1].states[0].name = "proliferating";

  AgentEvent division;
  division.key = 9;
  division.step = 4;
  division.kind = EventKind::divided;
  division.type = 0;
  division.from = 1;
  division.new_type = 0;
  division.to = 1;
  division.daughter = 10;
  division.daughter_type = 1;
  division.daughter_state = 0;
  const EventRow row = row_of(division, 120.0, agents);
  CHECK(row.step == 4);
  CHECK(row.time == 120.0);
  CHECK(row.type == "csc");
  CHECK(row.from == "proliferating");
  CHECK(row.to == "proliferating + tum.proliferating");
  CHECK(row.daughter == 10);

  AgentEvent death;
  death.kind = EventKind::died;
  death.type = 1;
  death.from = 0;
  CHECK(row_of(death, 0.0, agents).to.empty());
}

TEST_CASE("A collection lists times and files, and is restored", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
  TimeCollection times(folder, "fields.pvd");
  times.add(0.0, "fields/fields_000000.pvtu");
  const auto saved = times.entries();
  times.add(30.1, "fields/fields_000001.pvtu");
  times.add(30.2, "fields/fields_000001.pvtu");
  REQUIRE(times.entries().size() == 2);
  CHECK_THAT(content_of(folder.path("fields.pvd")),
             Contains("timestep=\"0\" group=\"\" part=\"0\" file=\"fields/fields_000000.pvtu\"") &&
                 Contains("timestep=\"30.2\"") && !Contains("30.1"));
  MPI_Barrier(MPI_COMM_WORLD);
  TimeCollection resumed(folder, "fields.pvd");
  resumed.restore(saved);
  CHECK_THAT(content_of(folder.path("fields.pvd")), !Contains("fields_000001") && Contains("</VTKFile>"));
}
