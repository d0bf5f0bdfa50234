// What is compared beside columns of statistics: sub-models, and rows of tables.

#include "calibration/problem.h"
#include "calibration/table_observable.h"
#include "control/input_error.h"
#include "unit/test_calibration_text.h"
#include "unit/test_io_folder.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;
using test::replaced;

namespace
{
const std::string file = R"(
subsection Calibration
  set Data = data.csv
  set Replicates = 1
end
subsection Parameters
  subsection speed
    set Prior = uniform(0.1, 1)
  end
end
subsection Observables
  subsection seen
    set Sub-model = persistent walk
    set Output = mean square displacement
    set Arguments = speed: speed, speed spread: 0, persistence time: 10
  end
end
subsection Methods
  set Run = design
end
)";

/// What reading and matching them is refused with; empty: it is not.
std::string refusal(const std::string &text, const std::string &rows)
{
  return test::fault_of<InputError>([&] {
    const CalibrationProblem problem(read_calibration("file.prm", text),
                                     read_measurements("observable,x,value,unit,uncertainty,status\n" + rows, "d.csv"));
  });
}

const std::vector<TableHead> heads = {
    {"sections.csv", {{"time", "min"}, {"count", "1"}}},
    {"colonies.csv", {{"time", "min"}, {"class", "name"}, {"cells", "1"}, {"age", "min"}}}};

std::vector<std::vector<TableRow>> rows()
{
  return {{},
          {{60.0, std::string("micro"), std::uint64_t(40), 5.0},
           {60.0, std::string("micro"), std::uint64_t(20), 7.0},
           {60.0, std::string("macro"), std::uint64_t(900), 9.0}}};
}

ObservableEntry of_colonies(const std::string &statistic, const std::string &column, const std::string &where)
{
  ObservableEntry entry;
  entry.name = "a";
  entry.table = "colonies";
  entry.statistic = statistic;
  entry.column = column;
  entry.where = where;
  return entry;
}

double found(const std::string &statistic, const std::string &column, const std::string &where)
{
  return TableObservable(of_colonies(statistic, column, where), heads)(rows());
}
} // namespace

TEST_CASE("A sub-model tells an observable, in the unit of the data", "[calibration]")
{
  const auto calibration = read_calibration("file.prm", file);
  CHECK_FALSE(calibration.needs_runs());
  CHECK(calibration.assignments({0.5}).empty());
  const CalibrationProblem problem(calibration,
                                   read_measurements("observable,x,value,unit,uncertainty,status\n"
                                                     "seen,20,2e-4,mm^2,1e-5,unverified\nseen,40,300,,10,verified\n",
                                                     "d.csv"));
  CHECK(problem.all.names == std::vector<std::string>{"seen at 20 min", "seen at 40 min"});
  CHECK(problem.all.values[0] == Approx(200.0));
  CHECK(problem.all.deviations[0] == Approx(10.0));
  CHECK(problem.doubts() == "1 of 2 numbers: unverified");
  const double h = 2.0;
  CHECK((*problem.sub_models[0])({0.5}, 20.0) == Approx(2.0 * 0.25 * 100.0 * (h - 1.0 + std::exp(-h))));
  CHECK_THROWS_AS((*problem.sub_models[0])({-0.5}, 20.0), InputError);
}

TEST_CASE("A sub-model that cannot be used is refused with its entry", "[calibration]")
{
  const std::string row = "seen,20,200,,10,\n";
  CHECK(refusal(file, row).empty());
  const auto names = [&](const std::string &text, const std::string &part) {
    const auto said = refusal(text, row);
    INFO(said);
    return said.find(part) != std::string::npos;
  };
  CHECK(names(replaced(file, "persistent walk", "persistant walk"), "Observables/seen/Sub-model"));
  CHECK(names(replaced(file, "= mean square displacement", "= way"), "Observables/seen/Output"));
  CHECK(names(replaced(file, ", persistence time: 10", ""), "persistence time"));
  CHECK(names(replaced(file, "speed spread: 0", "speed spread: -1"), "at least 0"));
  CHECK(names(replaced(file, "speed spread: 0", "speed spread: sped"), "sped"));
  CHECK(names(replaced(file, "speed spread: 0", "spread: 0"), "Observables/seen/Arguments"));
  CHECK(names(replaced(file, "uniform(0.1, 1)", "uniform(-1, 1)"), "above 0"));
  CHECK(names(replaced(file, "Output = mean", "Column = x\n    set Output = mean"), "Observables/seen/Column"));
  CHECK(names(replaced(file, "set Replicates = 1", ""), "Calibration/Replicates"));
  CHECK(names(replaced(file, "set Prior", "set Path = A/b\n    set Prior"), "Calibration/Base"));
  CHECK(names(replaced(file, "speed: speed,", "speed: 1,"), "Parameters/speed/Path"));
  CHECK(refusal(file, "seen,20,200,min,10,\n").find("column unit") != std::string::npos);
  CHECK(refusal(file, "seen,-20,200,,10,\n").find("column time or x") != std::string::npos);
  CHECK(refusal(file, "seen,20,200,,10,guessed\n").find("column status") != std::string::npos);
}

TEST_CASE("Rows of a table come to a number", "[calibration]")
{
  CHECK(found("count", "", "") == 3.0);
  CHECK(found("count", "", "cells: 33 to 1e9") == 2.0);
  CHECK(found("count", "", "cells: 20, class: micro") == 1.0);
  CHECK(found("sum", "cells", "class: micro") == 60.0);
  CHECK(found("mean", "age", "class: micro") == 6.0);
  CHECK(found("least", "cells", "") == 20.0);
  CHECK(found("greatest", "cells", "") == 900.0);
  CHECK(found("count", "", "class: solitary") == 0.0);
  CHECK(std::isnan(found("mean", "cells", "class: solitary")));

  const auto refused = [](const ObservableEntry &entry) {
    return test::fault_of<InputError>([&] { const TableObservable observable(entry, heads); });
  };
  auto entry = of_colonies("count", "", "");
  entry.table = "colony";
  CHECK(refused(entry).find("statistics, sections, colonies") != std::string::npos);
  CHECK(refused(of_colonies("mean", "class", "")).find("Observables/a/Column") != std::string::npos);
  CHECK(refused(of_colonies("mean", "cell", "")).find("Observables/a/Column") != std::string::npos);
  CHECK(refused(of_colonies("count", "", "cells: many")).find("Observables/a/Where") != std::string::npos);
  CHECK(refused(of_colonies("count", "", "cells: 9 to 3")).find("Observables/a/Where") != std::string::npos);
  CHECK(refused(of_colonies("count", "", "size: 3")).find("Observables/a/Where") != std::string::npos);
  CHECK(test::fault_of<InputError>([] {
          check_observable_entry(of_colonies("median", "cells", ""));
        }).find("Observables/a/Statistic") != std::string::npos);
  CHECK(test::fault_of<InputError>([] {
          check_observable_entry(of_colonies("count", "cells", ""));
        }).find("Observables/a/Column") != std::string::npos);
}
