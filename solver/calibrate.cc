#include "calibrate.h"

#include "calibration/design.h"
#include "calibration/ensemble.h"
#include "calibration/findings.h"
#include "calibration/report_page.h"
#include "calibration/result_files.h"
#include "calibration_set_up.h"
#include "control/quantile.h"
#include "io/number_text.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cmath>
#include <iostream>

namespace nidus
{
namespace
{
/// Draws of the posterior with which the model is run again, to compare with all data.
constexpr unsigned int prediction_members = 20;
/// Streams of these runs, which no method uses.
constexpr std::uint64_t prediction_stream = std::uint64_t(1) << 62;

/// One calibration, from the first member to the files. All functions are collective.
class Calibration
{
public:
  Calibration(MPI_Comm communicator, const CommandLine &line, CalibrationSetUp &set_up)
      : comm(communicator), set_up(set_up), problem(set_up.problem),
        folder(communicator, line.output, line.resume ? OutputFolder::Mode::resume : OutputFolder::Mode::fresh),
        ensemble(folder, settings(), std::ref(set_up.model)),
        speaks(dealii::Utilities::MPI::this_mpi_process(communicator) == 0)
  {
    ensemble.set_misfit([this](const auto &values) { return problem.misfit(values); });
    if (speaks && !folder.notice().empty())
      std::cout << folder.notice() << std::endl;
  }

  void run()
  {
    folder.write("calibration.prm", problem.file.file_text);
    for (const auto &method : problem.file.methods.names)
    {
      run_method(method);
      write();
    }
    predict();
    write();
    tell();
  }

private:
  EnsembleSettings settings() const
  {
    EnsembleSettings result;
    result.ranks_each = problem.file.ranks_each;
    result.replicates = problem.file.replicates;
    result.seed = problem.file.seed;
    result.base = set_up.model.fingerprint();
    return result;
  }

  /// Asks the model, and notes each member.
  std::vector<Answer> ask_all(const std::string &stage, const std::vector<Request> &requests)
  {
    const auto raw = ensemble.ask(stage, requests);
    std::vector<Answer> answers;
    for (std::size_t i = 0; i < requests.size(); ++i)
    {
      answers.push_back(problem.transformed(raw[i]));
      findings.members.push_back(member_of(stage, requests[i], raw[i], answers.back()));
    }
    return answers;
  }

  Member member_of(const std::string &stage, const Request &request, const Answer &raw, const Answer &transformed) const
  {
    Member member;
    member.stage = stage;
    member.stream = request.stream;
    member.parameters = request.parameters;
    for (unsigned int r = problem.file.replicates; r-- > 0;)
      if (ensemble.outcome(request.parameters, request.stream, r)->failed())
        member.failure = ensemble.outcome(request.parameters, request.stream, r)->reason;
    if (!raw.failed && transformed.failed)
      member.failure = "an observable cannot be transformed";
    if (transformed.failed)
      return member;
    member.observable = raw.mean();
    const auto mean = transformed.mean();
    double sum = 0.0;
    for (const std::size_t m : problem.used)
      sum += std::pow((problem.all.values[m] - mean[m]) / problem.all.deviations[m], 2);
    member.misfit = sum / static_cast<double>(problem.used.size());
    return member;
  }

  void run_method(const std::string &method)
  {
    const Ask ask = [this](const std::string &stage, const std::vector<Request> &requests) {
      auto answers = ask_all(stage, requests);
      for (auto &answer : answers)
        answer = problem.of_fitted(answer);
      return answers;
    };
    const auto &budgets = problem.file.methods;
    const std::uint64_t seed = problem.file.seed;
    if (method == "design")
      run_design(budgets.design_members, seed);
    else if (method == "morris")
    {
      MorrisOptions options;
      options.trajectories = budgets.morris_trajectories;
      findings.morris = morris_screening(problem.prior, problem.fitted, ask, options, seed);
    }
    else if (method == "sobol")
    {
      SobolOptions options;
      options.base_points = budgets.sobol_points;
      findings.sobol = sobol_indices(problem.prior, problem.fitted, ask, options, seed);
    }
    else if (method == "kalman")
    {
      KalmanOptions options;
      options.members = budgets.kalman_members;
      options.iterations = budgets.kalman_iterations;
      options.localise = budgets.kalman_localise;
      options.one_realisation = problem.file.one_realisation;
      findings.kalman = ensemble_kalman(problem.prior, problem.fitted, ask, options, seed);
      take_posterior(findings.kalman->parameters, method);
    }
    else if (method == "abc")
    {
      AbcOptions options;
      options.particles = budgets.abc_particles;
      options.generations = budgets.abc_generations;
      options.budget = budgets.abc_runs;
      findings.abc = abc_smc(problem.prior, problem.fitted, ask, options, seed);
      take_posterior(findings.abc->parameters, method);
    }
  }

  /// The members of a design are a sample of the prior: nothing more is taken from them than which is best.
  void run_design(const unsigned int n, const std::uint64_t seed)
  {
    std::vector<Request> requests;
    for (const auto &point : latin_hypercube(n, problem.prior.n_coordinates(), seed))
      requests.push_back({problem.prior.from_unit(point), requests.size()});
    ask_all("design", requests);
  }

  void take_posterior(const WeightedSamples &samples, const std::string &method)
  {
    findings.posterior = samples;
    findings.posterior_from = method;
  }

  /// The model again with parameters from the posterior, against the data, those that are held out too.
  void predict()
  {
    if (findings.posterior.points.empty())
      return;
    const auto &weights = findings.posterior.weights;
    std::vector<Request> requests;
    // Systematic resampling: each sample as often as its weight says, as nearly as that can be.
    double sum = 0.0;
    for (std::size_t s = 0; s < weights.size(); ++s)
    {
      sum += weights[s];
      while (requests.size() < prediction_members &&
             sum * prediction_members > static_cast<double>(requests.size()) + 0.5)
        requests.push_back({findings.posterior.points[s], prediction_stream + requests.size()});
    }
    const auto answers = ask_all("prediction", requests);
    findings.predictions.clear();
    for (std::size_t m = 0; m < problem.data.size(); ++m)
      findings.predictions.push_back(prediction_of(m, answers));
  }

  Prediction prediction_of(const std::size_t m, const std::vector<Answer> &answers) const
  {
    std::vector<double> values;
    for (const auto &answer : answers)
      for (const auto &replicate : answer.replicates)
        values.push_back(replicate[m]);
    std::sort(values.begin(), values.end());
    double mean = 0.0, square = 0.0;
    for (const double value : values)
      mean += value / static_cast<double>(values.size());
    for (const double value : values)
      square += (value - mean) * (value - mean) / std::max(1.0, static_cast<double>(values.size()) - 1.0);
    const auto &transform = problem.transforms[m];
    const auto at = [&](const double fraction) { return transform.inverse(quantile(values, fraction)); };
    Prediction prediction{at(0.05), at(0.5), at(0.95), 0.0};
    prediction.from_data = (problem.all.values[m] - quantile(values, 0.5)) /
                           std::sqrt(square + problem.all.deviations[m] * problem.all.deviations[m]);
    return prediction;
  }

  void write()
  {
    findings.cost = ensemble.cost();
    findings.groups = ensemble.n_groups();
    findings.ranks_each = problem.file.ranks_each;
    findings.shares_mesh = set_up.model.shares_mesh();
    folder.write("members.csv", members_csv(problem, findings));
    folder.write("summary.json", summary_json(problem, findings));
    folder.write("report.html", report_page(problem, findings));
    if (!findings.posterior.points.empty())
      folder.write("posterior.csv", posterior_csv(problem, findings));
    const auto values = calibrated_values(problem, findings);
    if (!values.empty() && !set_up.base.empty())
      folder.write("calibrated.prm", calibrated_header(problem, findings) + set_up.with_parameters(values));
  }

  void tell() const
  {
    if (!speaks)
      return;
    if (!findings.posterior.points.empty())
    {
      const auto found = summaries(problem, findings.posterior);
      for (std::size_t i = 0; i < found.size(); ++i)
        std::cout << problem.prior.names()[i] << ": " << number_text(found[i].median) << " (90 % interval "
                  << number_text(found[i].q05) << " to " << number_text(found[i].q95) << ")\n";
      for (const auto &sentence : not_identified(problem, found))
        std::cout << sentence << "\n";
    }
    if (!problem.doubts().empty())
      std::cout << "sources of the data: " << problem.doubts() << "\n";
    std::cout << findings.cost.runs << " runs, " << findings.cost.failed << " failed, " << findings.cost.from_journal
              << " known from the journal; groups were busy for " << std::lround(100.0 * findings.cost.busy)
              << " % of the time; results are in " << folder.path() << std::endl;
  }

  MPI_Comm comm;
  CalibrationSetUp &set_up;
  const CalibrationProblem &problem;
  OutputFolder folder;
  Ensemble ensemble;
  Findings findings;
  bool speaks;
};
} // namespace

ExitCode check_calibration(MPI_Comm communicator, const CommandLine &line)
{
  const CalibrationSetUp set_up(communicator, line.file);
  const auto &problem = set_up.problem;
  if (dealii::Utilities::MPI::this_mpi_process(communicator) == 0)
    std::cout << problem.file.title << "\n"
              << problem.prior.n_parameters() << " parameters from " << problem.used.size() << " measurements, "
              << problem.data.size() - problem.used.size() << " more are held out; " << problem.file.replicates
              << " replicates of each member\n"
              << (!problem.file.needs_runs()   ? "sub-models tell everything, without a run\n"
                  : set_up.model.shares_mesh() ? "runs of a group share the mesh\n"
                                               : "runs of a group do not share the mesh\n")
              << (problem.doubts().empty() ? "" : "sources of the data: " + problem.doubts() + "\n") << line.file
              << " can be run, with 'nidus calibrate'." << std::endl;
  return done;
}

ExitCode calibrate(MPI_Comm communicator, const CommandLine &line)
{
  CalibrationSetUp set_up(communicator, line.file);
  try
  {
    Calibration(communicator, line, set_up).run();
  }
  catch (const StoppedEarly &)
  {
    if (dealii::Utilities::MPI::this_mpi_process(communicator) == 0)
      std::cout << "stopped early; the same with --resume goes on, and repeats no run that has ended" << std::endl;
    return stopped_early;
  }
  return done;
}
} // namespace nidus
