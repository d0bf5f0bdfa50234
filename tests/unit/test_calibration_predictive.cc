// Posterior predictive checks: p-values are uniform when the model is right, and small when it is not.
#include "calibration/draws.h"
#include "calibration/predictive_check.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;

namespace
{
CalibrationProblem problem_of(const std::string &rows)
{
  const std::string file = "subsection Calibration\nset Base = b.prm\nset Data = d.csv\nset Replicates = 2\n"
                           "set One realisation = true\nend\n"
                           "subsection Parameters\nsubsection a\nset Path = A/a\nset Prior = normal(0, 1)\nend\nend\n"
                           "subsection Observables\nsubsection y\nset Column = y\nend\nend\n"
                           "subsection Methods\nset Run = design\nend\n";
  return {read_calibration("file.prm", file),
          read_measurements("observable,time,value,uncertainty,n,held_out\n" + rows, "d.csv")};
}

/// Draws a ~ N(1, 0.2^2) with realisations y(t) = a t + N(0, 0.5^2), t = 1, 2, 3, 4.
std::vector<Answer> answers_of(const std::size_t n, const std::uint64_t seed)
{
  Draws draws(seed, 1);
  std::vector<Answer> answers(n);
  for (auto &answer : answers)
  {
    const double a = 1.0 + 0.2 * draws.normal();
    for (int r = 0; r < 2; ++r)
    {
      auto &replicate = answer.replicates.emplace_back();
      for (int t = 1; t <= 4; ++t)
        replicate.push_back(a * t + 0.5 * draws.normal());
    }
  }
  return answers;
}

std::string rows_of(const std::vector<double> &values, const int first_held_out)
{
  std::string rows;
  for (std::size_t t = 0; t < values.size(); ++t)
    rows += "y," + std::to_string(t + 1) + "," + std::to_string(values[t]) + ",0.3,1," +
            (static_cast<int>(t) >= first_held_out ? "1" : "0") + "\n";
  return rows;
}
} // namespace

TEST_CASE("Data of the model are within their intervals as often as stated, with even p-values", "[predictive]")
{
  const auto answers = answers_of(200, 1);
  Draws draws(2, 2);
  constexpr int n = 200;
  double inside = 0.0, below_tenth = 0.0, below_half = 0.0;
  for (int i = 0; i < n; ++i)
  {
    const double a = 1.0 + 0.2 * draws.normal();
    std::vector<double> values;
    for (int t = 1; t <= 4; ++t)
      values.push_back(a * t + 0.5 * draws.normal() + 0.3 * draws.normal());
    const auto checks = predictive_check(problem_of(rows_of(values, 1)), answers, 1);
    REQUIRE(checks.size() == 2);
    CHECK(checks[0].held_out);
    CHECK(checks[0].n == 3);
    inside += checks[0].inside / 3.0 / n;
    below_tenth += checks[0].p_value < 0.1 ? 1.0 / n : 0.0;
    below_half += checks[0].p_value < 0.5 ? 1.0 / n : 0.0;
  }
  // Three standard errors of shares of 200; the three data of a set go together.
  CHECK(std::abs(inside - 0.9) < 3.0 * std::sqrt(0.09 / n));
  CHECK(std::abs(below_tenth - 0.1) < 3.0 * std::sqrt(0.09 / n));
  CHECK(std::abs(below_half - 0.5) < 3.0 * std::sqrt(0.25 / n));
}

TEST_CASE("What the model does not predict is said", "[predictive]")
{
  const auto answers = answers_of(20, 3);
  const auto checks = predictive_check(problem_of(rows_of({1.0, 2.1, 9.0, -2.0}, 2)), answers, 1);
  REQUIRE(checks.size() == 2);
  CHECK(checks[0].p_value < 0.01);
  CHECK(checks[0].inside == 0);
  CHECK(checks[0].words.find("does not predict") != std::string::npos);
  CHECK(checks[1].p_value > 0.2);
  CHECK(checks[1].inside == 2);
  CHECK(predictive_check(problem_of(rows_of({1, 2, 3, 4}, 2)), {{true, {}}}, 1).empty());
}
