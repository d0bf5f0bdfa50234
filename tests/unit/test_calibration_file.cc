// The calibration file, its data and what is compared.

#include "calibration/problem.h"
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
  set Base = base.prm
  set Data = data.csv
end
subsection Parameters
  subsection rate
    set Path = Fields/a/Diffusivity
    set Text = gel: %
    set Prior = uniform(1, 3)
  end
  subsection first
    set Path = A/first
    set Dirichlet group = fates
  end
  subsection second
    set Path = A/second
    set Dirichlet group = fates
    set Concentration = 2
  end
end
subsection Observables
  subsection count
    set Column = agents x
    set Transform = log1p
    set Discrepancy = 0.3
  end
end
subsection Methods
  set Run = design
end
)";

std::string refusal(const std::string &text)
{
  return test::fault_of<InputError>([&] { read_calibration("file.prm", text); });
}
} // namespace

TEST_CASE("Transforms have their inverse and their slope", "[calibration]")
{
  for (const char *name : {"none", "log1p", "logit", "sqrt", "log"})
  {
    const Transform transform(name, "entry");
    for (const double value : {0.03, 0.4, 0.96})
    {
      CHECK(transform.inverse(transform(value)) == Approx(value).epsilon(1e-12));
      const double h = 1e-6;
      CHECK(transform.slope(value) == Approx((transform(value + h) - transform(value - h)) / (2 * h)).epsilon(1e-6));
    }
  }
  CHECK_THROWS_AS(Transform("ln", "entry"), InputError);
}

TEST_CASE("A table of measurements is read, and refused with its line", "[calibration]")
{
  const auto read = read_measurements("# comment\nvalue,observable,time,uncertainty,n,source,held_out\n"
                                      "3,count,60,1.5,4,\"Smith, 2001\",0\n\n2,count,120,1,1,x,1\n",
                                      "data.csv");
  REQUIRE(read.size() == 2);
  CHECK(read[0].observable == "count");
  CHECK(read[0].value == 3.0);
  CHECK(read[0].n == 4.0);
  CHECK_FALSE(read[0].held_out);
  CHECK(read[1].held_out);
  CHECK(read[1].place == "data.csv, line 5");
  const auto fault = [](const std::string &rows) {
    return test::fault_of<InputError>(
        [&] { read_measurements("observable,time,value,uncertainty\n" + rows, "d.csv"); });
  };
  CHECK(fault("a,0,1,0\n").find("d.csv, line 2, column uncertainty") != std::string::npos);
  CHECK(fault("a,0,1\n").find("d.csv, line 2") != std::string::npos);
  CHECK(fault("a,0,one,1\n").find("one") != std::string::npos);
  CHECK(fault("a,0,nan,1\n").find("nan") != std::string::npos);
  CHECK(fault("").find("no measurement") != std::string::npos);
  CHECK_THROWS_AS(read_measurements("observable,value,uncertainty\na,1,1\n", "d.csv"), InputError);
}

TEST_CASE("What is compared: transformed, with the errors of value and model", "[calibration]")
{
  auto calibration = read_calibration("file.prm", file);
  CHECK(calibration.prior().names() == std::vector<std::string>{"rate", "first", "second"});
  CHECK(calibration.prior().n_coordinates() == 2);
  CHECK(calibration.assignments({2.5, 0.25, 0.75}) ==
        std::vector<std::string>{"Fields/a/Diffusivity=gel: 2.5", "A/first=0.25", "A/second=0.75"});

  const auto data = read_measurements("observable,time,value,uncertainty,n,held_out\ncount,60,9,2,4,0\n"
                                      "count,120,4,1,1,1\n",
                                      "data.csv");
  const CalibrationProblem problem(calibration, data);
  CHECK(problem.fitted.names == std::vector<std::string>{"count at 60 min"});
  CHECK(problem.all.values[0] == Approx(std::log(10.0)));
  CHECK(problem.all.deviations[0] == Approx(std::hypot(2.0 / 10.0, 0.3)));
  // The uncertainty of one of four is twice that of their mean.
  calibration.uncertainty = "standard deviation";
  CHECK(CalibrationProblem(calibration, data).all.deviations[0] == Approx(std::hypot(1.0 / 10.0, 0.3)));

  CHECK(problem.misfit({9.0, 1000.0}) == Approx(0.0).margin(1e-20));
  Answer raw;
  raw.replicates = {{9.0, 4.0}, {8.0, 5.0}};
  const auto fitted = problem.of_fitted(problem.transformed(raw));
  CHECK(fitted.replicates == std::vector<std::vector<double>>{{std::log(10.0)}, {std::log(9.0)}});
  raw.replicates[1][1] = -2.0;
  CHECK(problem.transformed(raw).failed);
}

TEST_CASE("A calibration file that cannot be used is refused with its entry", "[calibration]")
{
  CHECK(refusal(file).empty());
  const auto names = [](const std::string &text, const std::string &entry) {
    return refusal(text).find(entry) != std::string::npos;
  };
  CHECK(names(replaced(file, "set Base = base.prm", ""), "Calibration/Base"));
  CHECK(names(replaced(file, "Fields/a/Diffusivity", "Diffusivity"), "Parameters/rate/Path"));
  CHECK(names(replaced(file, "gel: %", "gel"), "Parameters/rate/Text"));
  CHECK(names(replaced(file, "uniform(1, 3)", "uniform(3, 1)"), "Parameters/rate/Prior"));
  CHECK(names(replaced(file, "set Prior = uniform(1, 3)", ""), "Parameters/rate/Prior"));
  CHECK(names(replaced(file, "set Column = agents x", ""), "Observables/count/Column"));
  CHECK(names(replaced(file, "log1p", "ln"), "Observables/count/Transform"));
  CHECK(names(replaced(file, "Run = design", "Run = guess"), "Methods/Run"));
  CHECK(names(replaced(file, "Run = design", "Run = kalman\n  set Kalman members = 3"), "Methods/Kalman members"));
  CHECK(names(replaced(file, "set Data", "set Dada"), "Dada"));
  CHECK(names(replaced(file, "Run = design", "Run = emulator"), "Methods/Run"));
}

TEST_CASE("A null value is what the prior can contain, and is refused otherwise", "[calibration]")
{
  const auto with = [](const std::string &prior, const std::string &null) {
    return replaced(file, "set Prior = uniform(1, 3)", "set Prior = " + prior + "\n    set Null = " + null);
  };
  CHECK(read_calibration("file.prm", file).null_hypothesis().coordinates.empty());
  const auto null = read_calibration("file.prm", with("normal(0, 1)", "0")).null_hypothesis();
  CHECK(null.coordinates == std::vector<std::size_t>{0});
  CHECK(null.values == std::vector<double>{0.0});
  CHECK(refusal(with("spike-and-slab(0.5, 0, uniform(0, 2))", "0")).empty());
  for (const char *prior : {"log-uniform(1, 3)", "uniform(0, 2)", "spike-and-slab(0.5, 1, uniform(-1, 2))"})
    CHECK(refusal(with(prior, "0")).find("Parameters/rate/Null") != std::string::npos);
  CHECK(refusal(with("normal(0, 1)", "none")).find("Parameters/rate/Null") != std::string::npos);
  CHECK(refusal(replaced(file, "set Path = A/first", "set Path = A/first\n    set Null = 0.5"))
            .find("Parameters/first/Null") != std::string::npos);
}
