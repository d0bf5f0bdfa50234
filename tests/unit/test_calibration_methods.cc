// What a calibration file asks for, from its methods to what the summary says, with a model that answers at once.
#include "calibration/draws.h"
#include "calibration/methods.h"
#include "calibration/report_page.h"
#include "calibration/result_files.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace nidus;

namespace
{
/// Counts of tumour cells with and without clusters: rate x t x exp(effect x signal), the signal 0 before and 1 after.
CalibrationProblem problem_of(const std::string &null, const std::string &methods, const double effect,
                              const std::uint64_t seed)
{
  const std::string file =
      "subsection Calibration\nset Base = b.prm\nset Data = d.csv\nset Replicates = 2\nset Random seed = 5\nend\n"
      "subsection Parameters\n"
      "subsection rate\nset Path = A/rate\nset Prior = log-uniform(0.3, 30)\nend\n"
      "subsection effect\nset Path = A/effect\nset Prior = normal(0, 1)\n" +
      null +
      "end\nend\n"
      "subsection Observables\nsubsection count\nset Column = n\nset Transform = log\nend\nend\n"
      "subsection Methods\nset Run = " +
      methods +
      "\nset Design members = 20\nset Kalman members = 60\nset Kalman iterations = 8\nset Emulator members = 10\n"
      "set Emulator runs = 60\nset Chain steps = 2000\nset Profile points = 9\nset Fit evaluations = 60\nend\n";
  Draws draws(seed, 7);
  std::string rows;
  for (int i = 0; i < 8; ++i)
  {
    const double value = 3.0 * (i / 2 + 1) * std::exp(i % 2 * effect + 0.1 * draws.normal());
    rows += "count," + std::to_string(i) + "," + std::to_string(value) + "," + std::to_string(0.1 * value) + ",1," +
            (i < 6 ? "0\n" : "1\n");
  }
  return {read_calibration("file.prm", file),
          read_measurements("observable,time,value,uncertainty,n,held_out\n" + rows, "d.csv")};
}

nlohmann::json summary_of(const CalibrationProblem &problem, std::string *page = nullptr)
{
  Findings findings;
  const Ask ask = [&](const std::string &stage, const std::vector<Request> &requests) {
    std::vector<Answer> answers;
    for (const auto &request : requests)
    {
      Draws noise(request.stream, 3);
      Answer answer;
      for (int r = 0; r < 2; ++r)
      {
        auto &values = answer.replicates.emplace_back();
        for (int i = 0; i < 8; ++i)
          values.push_back(std::log(request.parameters[0] * (i / 2 + 1)) + i % 2 * request.parameters[1] +
                           0.05 * noise.normal());
      }
      answers.push_back(answer);
      Member member;
      member.stage = stage;
      member.stream = request.stream;
      member.parameters = request.parameters;
      member.observable = answer.mean();
      for (double &value : member.observable)
        value = std::exp(value);
      member.misfit = problem.misfit(member.observable);
      findings.members.push_back(member);
    }
    return answers;
  };
  for (const auto &method : problem.file.methods.names)
    run_method(method, problem, ask, findings);
  compare_with_null(problem, ask, findings);
  predict(problem, ask, findings);
  if (page != nullptr)
    *page = report_page(problem, findings);
  return nlohmann::json::parse(summary_json(problem, findings));
}
} // namespace

/// ln of the Bayes factor for the effect: log-normal data with variance @p variance each, three with the effect and
/// three without; the prior of the rate is wide, that of the effect N(0, 1).
double exact_log_factor(const CalibrationProblem &problem, const double variance)
{
  double effect = 0.0;
  for (int i = 0; i < 6; ++i)
    effect += (i % 2 == 1 ? 1.0 : -1.0) / 3.0 * (problem.fitted.values[i] - std::log(i / 2 + 1));
  const double s = 2.0 / 3.0 * variance;
  return -0.5 * std::log(1.0 + 1.0 / s) + 0.5 * effect * effect / (s * (1.0 + s));
}

TEST_CASE("Twins without an effect return 'no effect', twins with one 'effect'", "[methods]")
{
  // A datum has the deviation 0.1; the mean of two replicates of the model 0.05 / sqrt(2).
  constexpr double variance = 0.01 + 0.0025 / 2.0;
  for (const double effect : {0.0, 1.0})
  {
    int n_no_effect = 0, n_effect = 0, expected = 0;
    double off = 0.0, squares = 0.0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed)
    {
      const auto problem = problem_of("set Null = 0\n", "kalman", effect, seed);
      const auto null = summary_of(problem)["null hypothesis"];
      const double exact = exact_log_factor(problem, variance), log = null["ln bayes factor of H1 over H0"]["value"],
                   error = null["ln bayes factor of H1 over H0"]["standard error"];
      n_no_effect += null["verdict"] == "no effect" ? 1 : 0;
      n_effect += null["verdict"] == "effect" ? 1 : 0;
      expected += exact < -std::log(3.0) ? 1 : 0;
      off += (log - exact) / error / 20.0;
      squares += std::pow((log - exact) / error, 2) / 20.0;
    }
    INFO("effect " << effect << ": " << n_no_effect << " times 'no effect' (" << expected << " by the exact factor), "
                   << n_effect << " times 'effect'; factors are off by " << off << " errors on average, "
                   << std::sqrt(squares) << " as root of the mean square");
    // The careful side costs some verdicts, but gives none that is wrong.
    CHECK(n_no_effect <= expected);
    CHECK(n_no_effect >= (effect == 0.0 ? 10 : 0));
    CHECK(n_effect == (effect == 0.0 ? 0 : 20));
    CHECK(std::sqrt(squares) < 2.0);
  }
}

TEST_CASE("The Bayes factor from an emulator, a null that is not named, and one without a posterior", "[methods]")
{
  for (const std::uint64_t seed : {1u, 2u})
  {
    const auto problem = problem_of("set Null = 0\n", "design, kalman, emulator", 0.0, seed);
    const auto null = summary_of(problem)["null hypothesis"];
    INFO(null.dump(1));
    const double exact = exact_log_factor(problem, 0.01), log = null["ln bayes factor of H1 over H0"]["value"],
                 error = null["ln bayes factor of H1 over H0"]["standard error"];
    // The variance of the emulator comes on top of that of the data, and makes it a little more careful.
    CHECK(std::abs(log - exact) < 3.0 * error + 0.1 * (std::abs(exact) + 1.0));
    CHECK(null["verdict"] != "effect");
  }
  const auto unasked = summary_of(problem_of("", "kalman", 0.0, 1))["null hypothesis"];
  CHECK(unasked["verdict"] == "not asked");
  CHECK(unasked["words"].get<std::string>().find("no null value is named") != std::string::npos);
  CHECK(summary_of(problem_of("set Null = 0\n", "design", 0.0, 1))["null hypothesis"]["verdict"] == "not decided");
}

TEST_CASE("The model itself is profiled when that is asked", "[methods]")
{
  const auto problem = problem_of("", "design, profile\nset Profile of = model", 0.6, 2);
  const auto profiles = summary_of(problem)["profile of the model"];
  REQUIRE(profiles.size() == 2);
  INFO(profiles.dump(1));
  // The classical interval of the effect with the variance of data and of the mean of replicates, which these two tell.
  CHECK(profiles[1]["kind"] == "identifiable");
  const double lower = profiles[1]["lower"], upper = profiles[1]["upper"];
  CHECK(lower < 0.6);
  CHECK(upper > 0.6);
  CHECK(upper - lower > 2.0 * 1.645 * 0.1 * std::sqrt(2.0 / 3.0));
  CHECK(upper - lower < 1.3 * 2.0 * 1.645 * 0.1 * std::sqrt(2.0 / 3.0));
}

TEST_CASE("All methods one after the other: their results are in the summary and on the page", "[methods]")
{
  std::string page;
  const auto summary =
      summary_of(problem_of("set Null = 0\n", "design, brgn, pounders, kalman, emulator, profile", 0.6, 2), &page);
  // Six data of 10 %, three of which see the effect: 0.1 x sqrt(2 / 3) for ln(rate x ...) and the effect.
  for (const auto &fit : summary["least squares"])
  {
    INFO(fit.dump(1));
    CHECK(fit["parameters"][0]["best"] == Approx(3.0).epsilon(0.2));
    CHECK(fit["parameters"][1]["best"] == Approx(0.6).margin(0.25));
    CHECK(fit["parameters"][1]["standard error"] == Approx(0.1 * std::sqrt(2.0 / 3.0)).epsilon(0.1));
  }
  CHECK(summary["least squares"].size() == 2);
  CHECK(summary["posterior from"] == "emulator");
  CHECK(summary["emulator"]["left out one"].size() == 6);
  CHECK(summary["emulator"]["sobol indices"].size() == 12);
  CHECK(summary["profile of the emulator"].size() == 2);
  for (const auto &profile : summary["profile of the emulator"])
    CHECK(profile["kind"] == "identifiable");
  CHECK(summary["profile of the emulator"][1]["lower"] < 0.6);
  CHECK(summary["profile of the emulator"][1]["upper"] > 0.6);
  REQUIRE(summary["posterior predictive check"].size() == 2);
  CHECK(summary["posterior predictive check"][0]["held out"] == true);
  CHECK(summary["posterior predictive check"][0]["data"] == 2);
  for (const char *part :
       {"H0 (no niche effect) against H1", "Identifiability", "Posterior predictive check", "Emulator",
        "Least squares by brgn", "Least squares by pounders", "Sobol indices of the emulator"})
    CHECK(page.find(part) != std::string::npos);
}

TEST_CASE("Morris effects and Sobol indices of runs are in the summary and on the page", "[methods]")
{
  std::string page;
  const auto summary = summary_of(problem_of("", "morris, sobol", 0.6, 2), &page);
  // ln n has the slope ln 100 over the prior of the rate; the effect is seen by every second datum.
  REQUIRE(summary["morris effects"].size() == 12);
  REQUIRE(summary["sobol indices"].size() == 12);
  for (std::size_t k = 0; k < 12; ++k)
  {
    const auto &morris = summary["morris effects"][k], &sobol = summary["sobol indices"][k];
    INFO(morris.dump() << "\n" << sobol.dump());
    const bool of_rate = k % 2 == 0, sees_effect = k / 2 % 2 == 1;
    CHECK(morris["coordinate"] == (of_rate ? "rate" : "effect"));
    if (of_rate)
      CHECK(morris["mean"] == Approx(std::log(100.0)));
    else if (!sees_effect)
      CHECK(morris["mean of absolute values"] == Approx(0.0).margin(1e-9));
    // Variances ln(100)^2 / 12 = 1.77 and 1.
    const double share = sees_effect ? 1.77 / 2.77 : 1.0;
    CHECK(sobol["total, lower, upper"][0] == Approx(of_rate ? share : 1.0 - share).margin(0.15));
  }
  for (const char *part : {"Total Sobol indices of the runs", "Morris screening"})
    CHECK(page.find(part) != std::string::npos);
}
