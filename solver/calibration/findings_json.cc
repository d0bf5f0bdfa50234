#include "calibration/findings_json.h"

#include <cmath>

namespace nidus
{
using Json = nlohmann::ordered_json;

namespace
{
Json index_json(const SobolIndex &index)
{
  return {json_number(index.value), json_number(index.lower), json_number(index.upper)};
}

Json indices_json(const CalibrationProblem &problem, const SobolResult &found)
{
  Json list = Json::array();
  for (std::size_t m = 0; m < found.first.size(); ++m)
    for (std::size_t k = 0; k < found.first[m].size(); ++k)
      list.push_back({{"measurement", problem.fitted.names[m]},
                      {"coordinate", problem.prior.coordinate_name(k)},
                      {"first, lower, upper", index_json(found.first[m][k])},
                      {"total, lower, upper", index_json(found.total[m][k])}});
  return list;
}
} // namespace

Json json_number(const double value)
{
  return std::isfinite(value) ? Json(value) : Json();
}

Json null_json(const Findings &findings)
{
  Json result;
  result["verdict"] = findings.null.verdict;
  result["words"] = findings.null.words;
  if (const auto &factor = findings.null.factor)
    result["ln bayes factor of H1 over H0"] = {{"value", json_number(factor->log)},
                                               {"standard error", json_number(factor->error)},
                                               {"is a bound", factor->bound},
                                               {"how", factor->how}};
  if (const auto &ratio = findings.null.ratio)
    result["likelihood ratio"] = {{"statistic", json_number(ratio->statistic)},
                                  {"p value", json_number(ratio->p_value)},
                                  {"aic of H0 over H1", json_number(ratio->delta_aic)},
                                  {"bic of H0 over H1", json_number(ratio->delta_bic)},
                                  {"how", ratio->how}};
  return result;
}

Json profiles_json(const CalibrationProblem &problem, const Findings &findings)
{
  const char *const kinds[] = {"identifiable", "bounded on one side only", "not identifiable"};
  Json list = Json::array();
  for (std::size_t c = 0; c < findings.profiles.size(); ++c)
  {
    const auto &profile = findings.profiles[c];
    Json drops = Json::array();
    for (const double drop : profile.drops)
      drops.push_back(json_number(drop));
    list.push_back({{"coordinate", problem.prior.coordinate_name(c)},
                    {"kind", kinds[static_cast<int>(profile.kind)]},
                    {"lower", json_number(profile.lower)},
                    {"upper", json_number(profile.upper)},
                    {"words", profile.words},
                    {"values", profile.values},
                    {"twice the loss of log likelihood", drops}});
  }
  return list;
}

Json checks_json(const Findings &findings)
{
  Json list = Json::array();
  for (const auto &check : findings.checks)
    list.push_back({{"observable", check.observable},
                    {"held out", check.held_out},
                    {"data", check.n},
                    {"within 90 % intervals", check.inside},
                    {"p value", check.p_value},
                    {"words", check.words}});
  return list;
}

Json fits_json(const CalibrationProblem &problem, const Findings &findings)
{
  Json list = Json::array();
  for (const auto &[method, fit] : findings.fits)
  {
    Json parameters = Json::array();
    for (std::size_t p = 0; p < fit.parameters.size(); ++p)
      parameters.push_back({{"name", problem.prior.names()[p]},
                            {"best", fit.parameters[p]},
                            {"standard error", json_number(fit.errors[p])}});
    list.push_back({{"method", method},
                    {"parameters", parameters},
                    {"misfit", json_number(fit.misfit)},
                    {"members", fit.n_members},
                    {"failed", fit.n_failed},
                    {"converged", fit.converged},
                    {"end", fit.end}});
  }
  return list;
}

Json morris_json(const CalibrationProblem &problem, const Findings &findings)
{
  Json list = Json::array();
  for (std::size_t m = 0; m < findings.morris->effects.size(); ++m)
    for (std::size_t k = 0; k < findings.morris->effects[m].size(); ++k)
    {
      const auto &effect = findings.morris->effects[m][k];
      list.push_back({{"measurement", problem.fitted.names[m]},
                      {"coordinate", problem.prior.coordinate_name(k)},
                      {"mean", json_number(effect.mean)},
                      {"mean of absolute values", json_number(effect.mean_absolute)},
                      {"standard error", json_number(effect.error)},
                      {"deviation", json_number(effect.deviation)},
                      {"effects", effect.n}});
    }
  return list;
}

Json sobol_json(const CalibrationProblem &problem, const Findings &findings)
{
  return indices_json(problem, *findings.sobol);
}

Json emulator_json(const CalibrationProblem &problem, const Findings &findings)
{
  const auto &found = *findings.emulated;
  Json result;
  result["runs"] = found.emulator->n_runs();
  for (std::size_t m = 0; m < problem.fitted.names.size(); ++m)
  {
    const auto &check = found.emulator->checks()[m];
    result["left out one"].push_back({{"measurement", problem.fitted.names[m]},
                                      {"rmse", check.rmse},
                                      {"rmse over deviation of datum", json_number(check.of_deviation)},
                                      {"q2", json_number(check.q2)},
                                      {"noise part", check.noise_part},
                                      {"coverage of 90 % intervals", check.coverage}});
  }
  result["rounds"] = Json::array();
  for (const auto &round : found.rounds)
    result["rounds"].push_back({{"members", round.n_members},
                                {"failed", round.n_failed},
                                {"mean square of standardised errors", round.mean_square},
                                {"coverage of 90 % intervals", round.coverage}});
  for (std::size_t k = 0; k < found.r_hat.size(); ++k)
    result["chains"].push_back({{"coordinate", problem.prior.coordinate_name(k)},
                                {"r hat", json_number(found.r_hat[k])},
                                {"effective number", found.effective[k]}});
  result["acceptance"] = found.acceptance;
  result["doubts"] = found.doubts;
  result["sobol indices"] = indices_json(problem, found.sobol);
  return result;
}
} // namespace nidus
