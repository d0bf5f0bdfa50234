#include "calibration/result_files.h"

#include "calibration/findings_json.h"
#include "io/number_text.h"

#include <algorithm>
#include <sstream>

namespace nidus
{
namespace
{
using Json = nlohmann::ordered_json;

/// In quotation marks where it holds a comma or such marks.
std::string csv_cell(const std::string &text)
{
  if (text.find_first_of(",\"\n") == std::string::npos)
    return text;
  std::string quoted = "\"";
  for (const char letter : text)
    quoted += letter == '"' ? "\"\"" : letter == '\n' ? " " : std::string(1, letter);
  return quoted + "\"";
}

Json parameters_json(const CalibrationProblem &problem, const Findings &findings)
{
  const bool known = !findings.posterior.points.empty();
  const auto found = known ? summaries(problem, findings.posterior) : std::vector<ParameterSummary>();
  const auto *const best = findings.best();
  Json list = Json::array();
  for (std::size_t i = 0; i < problem.prior.n_parameters(); ++i)
  {
    const auto &name = problem.prior.names()[i];
    const auto parameter = std::find_if(problem.file.parameters.begin(), problem.file.parameters.end(),
                                        [&](const auto &candidate) { return candidate.name == name; });
    Json one;
    one["name"] = name;
    one["path"] = parameter->path;
    one["prior"] = parameter->group.empty() ? parameter->prior : "Dirichlet group " + parameter->group;
    if (best != nullptr)
      one["best member"] = best->parameters[i];
    if (known)
    {
      one["median"] = found[i].median;
      one["q05"] = found[i].q05;
      one["q95"] = found[i].q95;
      one["mean"] = found[i].mean;
      one["standard deviation"] = found[i].deviation;
      one["width over prior"] = json_number(found[i].of_prior);
    }
    list.push_back(one);
  }
  return list;
}

Json measurements_json(const CalibrationProblem &problem, const Findings &findings)
{
  Json list = Json::array();
  for (std::size_t m = 0; m < problem.data.size(); ++m)
  {
    const auto &measurement = problem.data[m];
    Json one;
    one["observable"] = measurement.observable;
    one["time"] = measurement.time;
    one["value"] = measurement.value;
    one["held out"] = measurement.held_out;
    if (!measurement.status.empty())
      one["status"] = measurement.status;
    one["transform"] = problem.transforms[m].name();
    one["deviation after transform"] = problem.all.deviations[m];
    if (!findings.predictions.empty())
    {
      const auto &prediction = findings.predictions[m];
      one["predicted q05"] = json_number(prediction.q05);
      one["predicted median"] = json_number(prediction.q50);
      one["predicted q95"] = json_number(prediction.q95);
      one["standardised residual"] = json_number(prediction.from_data);
    }
    list.push_back(one);
  }
  return list;
}

Json cost_json(const Findings &findings)
{
  Json cost;
  cost["members"] = findings.members.size();
  cost["runs of this start"] = findings.cost.runs;
  cost["runs known from the journal"] = findings.cost.from_journal;
  cost["runs failed"] = findings.cost.failed;
  cost["groups"] = findings.groups;
  cost["ranks each"] = findings.ranks_each;
  cost["seconds in runs"] = findings.cost.run_seconds;
  cost["seconds of batches"] = findings.cost.batch_seconds;
  cost["groups busy"] = findings.cost.busy;
  cost["mesh shared between runs"] = findings.shares_mesh;
  return cost;
}
} // namespace

std::string members_csv(const CalibrationProblem &problem, const Findings &findings)
{
  std::ostringstream out;
  out << "member,stage,stream,end,misfit";
  for (const auto &name : problem.prior.names())
    out << "," << name;
  for (const auto &name : problem.all.names)
    out << "," << csv_cell(name);
  out << "\n";
  for (std::size_t k = 0; k < findings.members.size(); ++k)
  {
    const auto &member = findings.members[k];
    out << k + 1 << "," << csv_cell(member.stage) << "," << member.stream << ","
        << (member.failure.empty() ? "done" : csv_cell("failed: " + member.failure)) << ","
        << number_text(member.misfit);
    for (const double value : member.parameters)
      out << "," << number_text(value);
    for (std::size_t m = 0; m < problem.data.size(); ++m)
      out << "," << (member.observable.empty() ? "nan" : number_text(member.observable[m]));
    out << "\n";
  }
  return out.str();
}

std::string posterior_csv(const CalibrationProblem &problem, const Findings &findings)
{
  if (findings.posterior.points.empty())
    return "";
  std::ostringstream out;
  out << "weight";
  for (const auto &name : problem.prior.names())
    out << "," << name;
  out << "\n";
  for (std::size_t s = 0; s < findings.posterior.points.size(); ++s)
  {
    out << number_text(findings.posterior.weights[s]);
    for (const double value : findings.posterior.points[s])
      out << "," << number_text(value);
    out << "\n";
  }
  return out.str();
}

std::string summary_json(const CalibrationProblem &problem, const Findings &findings)
{
  Json summary;
  summary["title"] = problem.file.title;
  summary["calibration file"] = problem.file.file_name;
  summary["base"] = problem.file.base;
  summary["data"] = problem.file.data;
  summary["methods"] = problem.file.methods.names;
  summary["posterior from"] = findings.posterior_from;
  summary["parameters"] = parameters_json(problem, findings);
  if (!findings.posterior.points.empty())
    summary["not identified"] = not_identified(problem, findings.posterior);
  if (const auto *const best = findings.best())
    summary["least misfit"] = best->misfit;
  summary["null hypothesis"] = null_json(findings);
  if (!findings.profiles.empty())
    summary["profile of the " + problem.file.methods.profile_of] = profiles_json(problem, findings);
  if (!findings.checks.empty())
    summary["posterior predictive check"] = checks_json(findings);
  if (findings.morris)
    summary["morris effects"] = morris_json(problem, findings);
  if (findings.sobol)
    summary["sobol indices"] = sobol_json(problem, findings);
  if (!findings.fits.empty())
    summary["least squares"] = fits_json(problem, findings);
  if (findings.emulated)
    summary["emulator"] = emulator_json(problem, findings);
  summary["measurements"] = measurements_json(problem, findings);
  summary["cost"] = cost_json(findings);
  return summary.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<double> calibrated_values(const CalibrationProblem &problem, const Findings &findings)
{
  if (!findings.posterior.points.empty())
    return central_values(problem, findings.posterior);
  const auto *const best = findings.best();
  return best == nullptr ? std::vector<double>() : best->parameters;
}

std::string calibrated_header(const CalibrationProblem &problem, const Findings &findings)
{
  return "# " + problem.file.title + "\n# " +
         (findings.posterior.points.empty()
              ? "The member with the least misfit"
              : "Central values of the posterior of method '" + findings.posterior_from + "'") +
         " of the calibration " + problem.file.file_name +
         ".\n# How far each can be trusted stands in report.html beside this file.\n\n";
}
} // namespace nidus
