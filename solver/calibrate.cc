#include "calibrate.h"

#include "calibration/conducted.h"
#include "calibration/ensemble.h"
#include "calibration/findings.h"
#include "calibration/methods.h"
#include "calibration/report_page.h"
#include "calibration/result_files.h"
#include "calibration_set_up.h"
#include "io/aligned_table.h"

#include <deal.II/base/mpi.h>

#include <cmath>
#include <filesystem>
#include <iostream>

namespace nidus
{
namespace
{
namespace MPI = dealii::Utilities::MPI;

/// One calibration, from the first member to the files. All functions are collective. What methods find is known on
/// rank 0 alone, members and cost on all.
class Calibration
{
public:
  Calibration(MPI_Comm communicator, const CommandLine &line, CalibrationSetUp &set_up)
      : comm(communicator), set_up(set_up), problem(set_up.problem),
        folder(communicator, line.output, line.resume ? OutputFolder::Mode::resume : OutputFolder::Mode::fresh),
        ensemble(folder, settings(), std::ref(set_up.model)), speaks(MPI::this_mpi_process(communicator) == 0)
  {
    ensemble.set_misfit([this](const auto &values) { return problem.misfit(values); });
    if (speaks && !folder.notice().empty())
      std::cout << folder.notice() << std::endl;
  }

  void run()
  {
    folder.write("calibration.prm", problem.file.file_text);
    const Ask ask = [this](const auto &stage, const auto &requests) { return ask_all(stage, requests); };
    for (const auto &method : problem.file.methods.names)
    {
      conduct(comm, ask, [&](const Ask &shared) { run_method(method, problem, shared, findings); });
      write();
    }
    conduct(comm, ask, [&](const Ask &shared) {
      compare_with_null(problem, shared, findings);
      predict(problem, shared, findings);
    });
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

  void write()
  {
    findings.cost = ensemble.cost();
    findings.groups = ensemble.n_groups();
    findings.ranks_each = problem.file.ranks_each;
    findings.shares_mesh = set_up.model.shares_mesh();
    const auto write_file = [this](const std::string &name, const auto &content_of) {
      folder.write(name, speaks ? content_of(problem, findings) : std::string());
    };
    write_file("members.csv", members_csv);
    write_file("summary.json", summary_json);
    write_file("report.html", report_page);
    if (MPI::broadcast(comm, !findings.posterior.points.empty()))
      write_file("posterior.csv", posterior_csv);
    const auto values = MPI::broadcast(comm, calibrated_values(problem, findings));
    if (values.empty() || set_up.base.empty())
      return;
    const std::string model = set_up.with_parameters(values);
    write_file("calibrated.prm", [&model](const auto &...known) { return calibrated_header(known...) + model; });
  }

  void tell() const
  {
    if (!speaks)
      return;
    if (!findings.posterior.points.empty())
    {
      const auto found = summaries(problem, findings.posterior);
      for (std::size_t i = 0; i < found.size(); ++i)
        std::cout << problem.prior.names()[i] << ": " << rounded(found[i].median, 4) << " (90 % interval "
                  << rounded(found[i].q05, 4) << " to " << rounded(found[i].q95, 4) << ")\n";
      for (const auto &sentence : not_identified(problem, findings.posterior))
        std::cout << sentence << "\n";
    }
    if (findings.emulated)
      for (const auto &sentence : findings.emulated->doubts)
        std::cout << sentence << "\n";
    for (const auto &profile : findings.profiles)
      std::cout << "Profile: " << profile.words << "\n";
    if (!problem.doubts().empty())
      std::cout << "sources of the data: " << problem.doubts() << "\n";
    std::cout << "H0 (no niche effect) against H1: " << findings.null.verdict << "\n";
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
  if (MPI::this_mpi_process(communicator) == 0)
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
    if (MPI::this_mpi_process(communicator) == 0)
      std::cout << "stopped early; the same with --resume goes on, and repeats no run that has ended"
                << (std::filesystem::exists(line.output + "/stop")
                        ? "; first remove the file " + line.output + "/stop, because of which it has stopped"
                        : "")
                << std::endl;
    return stopped_early;
  }
  return done;
}
} // namespace nidus
