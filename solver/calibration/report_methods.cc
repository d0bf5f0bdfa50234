#include "calibration/report_methods.h"

#include "calibration/html.h"
#include "calibration/svg_chart.h"

namespace nidus
{
using html::heading;
using html::paragraph;
using html::row_of;

std::string null_section(const Findings &findings)
{
  return heading("H0 (no niche effect) against H1") + paragraph("Verdict: " + findings.null.verdict + ".", true) +
         paragraph(findings.null.words);
}

std::string profile_section(const CalibrationProblem &problem, const Findings &findings)
{
  if (findings.profiles.empty())
    return "";
  std::string page =
      heading("Identifiability") +
      paragraph("Twice the loss of log likelihood when one parameter is held and the others are fitted, on the " +
                problem.file.methods.profile_of +
                ", without the prior; dashed: 2.71, below which is the 90 % interval.");
  for (std::size_t c = 0; c < findings.profiles.size(); ++c)
  {
    const auto &profile = findings.profiles[c];
    SvgChart chart(230, 170, range_of(profile.values), {0.0, 8.0});
    chart.line(profile.values, profile.drops, "#1f5f99");
    chart.line({profile.values.front(), profile.values.back()}, {2.71, 2.71}, "#888888", true);
    page += chart.svg(problem.prior.coordinate_name(c), "", "loss");
  }
  for (const auto &profile : findings.profiles)
    page += paragraph(profile.words, profile.kind != Profile::Kind::identifiable);
  return page;
}

std::string predictive_section(const Findings &findings)
{
  if (findings.checks.empty())
    return "";
  std::string page =
      heading("Posterior predictive check") +
      paragraph("The model was run with draws of the posterior, and noise of the data added. p: how often data "
                "that the model predicts are as far off as the real ones; fitted data have seen the model.");
  for (const auto &check : findings.checks)
    page += paragraph(check.words, check.p_value < 0.05);
  return page;
}

std::string least_squares_section(const CalibrationProblem &problem, const Findings &findings)
{
  std::string page;
  for (const auto &[method, fit] : findings.fits)
  {
    page += heading("Least squares by " + method) +
            paragraph("Mean square of residuals " + rounded(fit.misfit) + " after " + std::to_string(fit.n_members) +
                      " members (" + std::to_string(fit.n_failed) + " failed); it ended because " + fit.end +
                      ". Standard errors are linear and without the prior.") +
            "<table>" + row_of({"parameter", "best", "standard error"}, "th");
    for (std::size_t p = 0; p < fit.parameters.size(); ++p)
      page += row_of({problem.prior.names()[p], rounded(fit.parameters[p]), rounded(fit.errors[p])});
    page += "</table>\n";
  }
  return page;
}

std::string emulator_section(const CalibrationProblem &problem, const Findings &findings)
{
  if (!findings.emulated)
    return "";
  const auto &found = *findings.emulated;
  std::string page =
      heading("Emulator") +
      paragraph("Learned from " + std::to_string(found.emulator->n_runs()) +
                " runs; each is guessed from all others, after the transform:") +
      "<table>" +
      row_of({"measurement", "RMSE", "over deviation of datum", "Q2", "noise of runs", "in 90 % intervals"}, "th");
  const auto &checks = found.emulator->checks();
  for (std::size_t m = 0; m < checks.size(); ++m)
    page += row_of({problem.fitted.names[m], rounded(checks[m].rmse), rounded(checks[m].of_deviation),
                    rounded(checks[m].q2), rounded(checks[m].noise_part), rounded(checks[m].coverage)});
  page +=
      "</table>\n" + paragraph("Q2: part of the variance of the runs that is guessed; noise of runs: part of it that "
                               "replicates differ by. What the emulator does not know of one measurement counts as "
                               "independent of what it does not know of another.");
  for (std::size_t r = 0; r < found.rounds.size(); ++r)
    page += paragraph("Round " + std::to_string(r + 1) + ": " + std::to_string(found.rounds[r].n_members) +
                      " new members at draws of the posterior (" + std::to_string(found.rounds[r].n_failed) +
                      " failed); mean square of their standardised errors " + rounded(found.rounds[r].mean_square) +
                      " (1 if the emulator knows how good it is), " + rounded(100.0 * found.rounds[r].coverage) +
                      " % within 90 % intervals.");
  page += "<table>" + row_of({"chains", "R-hat", "effective number"}, "th");
  for (std::size_t k = 0; k < found.r_hat.size(); ++k)
    page += row_of({problem.prior.coordinate_name(k), rounded(found.r_hat[k]), rounded(found.effective[k])});
  page += "</table>\n" + paragraph("Acceptance of the chains: " + rounded(found.acceptance) + ".");
  for (const auto &sentence : found.doubts)
    page += paragraph(sentence, true);
  if (found.doubts.empty())
    page += paragraph("Emulator and chains give no reason for doubt.");
  return page;
}
} // namespace nidus
