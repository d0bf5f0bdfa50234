#include "calibration/report_page.h"

#include "calibration/html.h"
#include "calibration/report_methods.h"
#include "calibration/svg_chart.h"
#include "io/progress.h"
#include "io/vtk_arrays.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
using html::heading;
using html::paragraph;
using html::row_of;

constexpr const char *of_posterior = "#1f5f99", *of_prior = "#bbbbbb", *of_data = "#b03060", *of_band = "#c6d8ea";

const char *const style =
    "<style>body{font-family:sans-serif;max-width:72em;margin:2em auto;color:#222}table{border-collapse:collapse}"
    "td,th{border-bottom:1px solid #ddd;padding:.25em .7em;text-align:right}td:first-child,th:first-child"
    "{text-align:left}svg{margin:.3em}</style>\n";

/// Weights of samples in equal bins of @p range, as a density with greatest value one.
std::vector<double> histogram(const std::vector<double> &values, const std::vector<double> &weights,
                              const SvgChart::Range &range, const std::size_t n_bins)
{
  std::vector<double> bins(n_bins, 0.0);
  for (std::size_t i = 0; i < values.size(); ++i)
  {
    const double place = (values[i] - range.lower) / (range.upper - range.lower) * static_cast<double>(n_bins);
    if (place >= 0.0 && place < static_cast<double>(n_bins))
      bins[static_cast<std::size_t>(place)] += weights[i];
  }
  const double greatest = *std::max_element(bins.begin(), bins.end());
  for (double &bin : bins)
    bin /= greatest > 0.0 ? greatest : 1.0;
  return bins;
}

/// Values of parameter @p p in samples.
std::vector<double> column(const std::vector<std::vector<double>> &points, const std::size_t p)
{
  std::vector<double> values;
  values.reserve(points.size());
  for (const auto &point : points)
    values.push_back(point[p]);
  return values;
}

/// Draws of the prior, evenly spread.
std::vector<std::vector<double>> prior_points(const Prior &prior, const std::size_t n)
{
  std::vector<std::vector<double>> points;
  for (std::size_t i = 0; i < n; ++i)
  {
    std::vector<double> unit;
    for (std::size_t c = 0; c < prior.n_coordinates(); ++c)
      unit.push_back(std::fmod(
          (static_cast<double>(i) + 0.5) / static_cast<double>(n) * static_cast<double>(c == 0 ? 1 : 2 * c + 1), 1.0));
    points.push_back(prior.from_unit(unit));
  }
  return points;
}

std::string marginals(const CalibrationProblem &problem, const Findings &findings)
{
  std::string page = heading("Marginals");
  page += "<p>Blue: posterior; grey: prior, both scaled to the same height.</p>\n";
  const auto prior = prior_points(problem.prior, 2000);
  const std::vector<double> even(prior.size(), 1.0);
  for (std::size_t p = 0; p < problem.prior.n_parameters(); ++p)
  {
    const auto values = column(findings.posterior.points, p), before = column(prior, p);
    auto all = values;
    std::vector<double> sorted = before;
    std::sort(sorted.begin(), sorted.end());
    all.push_back(sorted[sorted.size() / 50]);
    all.push_back(sorted[sorted.size() - 1 - sorted.size() / 50]);
    const auto range = range_of(all);
    constexpr std::size_t n_bins = 24;
    SvgChart chart(230, 170, range, {0.0, 1.05});
    const auto draw = [&](const std::vector<double> &bins, const std::string &colour) {
      const double width = (range.upper - range.lower) / n_bins;
      for (std::size_t b = 0; b < n_bins; ++b)
        if (bins[b] > 0.0)
          chart.bar(range.lower + (static_cast<double>(b) + 0.5) * width, 0.48 * width, 0.0, bins[b], colour);
    };
    draw(histogram(before, even, range, n_bins), of_prior);
    draw(histogram(values, findings.posterior.weights, range, n_bins), of_posterior);
    page += chart.svg(problem.prior.names()[p], "", "density");
  }
  return page;
}

std::string pairs(const CalibrationProblem &problem, const Findings &findings)
{
  std::string page = heading("Pairs");
  const double most = *std::max_element(findings.posterior.weights.begin(), findings.posterior.weights.end());
  std::vector<std::vector<double>> heavy;
  for (std::size_t s = 0; s < findings.posterior.points.size(); ++s)
    if (findings.posterior.weights[s] > 0.01 * most)
      heavy.push_back(findings.posterior.points[s]);
  for (std::size_t i = 0; i < problem.prior.n_parameters(); ++i)
    for (std::size_t j = 0; j < i; ++j)
    {
      const auto x = column(heavy, j), y = column(heavy, i);
      SvgChart chart(230, 200, range_of(x), range_of(y));
      chart.points(x, y, of_posterior, 2.0);
      page += chart.svg("", problem.prior.names()[j], problem.prior.names()[i]);
    }
  return page;
}

/// One picture for each observable, over time, as the model gives it.
std::string fit(const CalibrationProblem &problem, const Findings &findings)
{
  std::string page = heading("Fit against the data");
  page += "<p>Red: data with one standard deviation; blue band: 5 % to 95 % of runs with parameters "
          "from the posterior; dashed: the best member.</p>\n";
  const auto *const best = findings.best();
  for (const auto &observable : problem.file.observables)
  {
    std::vector<double> time, value, lower, upper, low, middle, high, of_best, all;
    for (std::size_t m = 0; m < problem.data.size(); ++m)
    {
      if (problem.data[m].observable != observable.name)
        continue;
      time.push_back(problem.data[m].time);
      value.push_back(problem.data[m].value);
      const auto &transform = problem.transforms[m];
      lower.push_back(transform.inverse(problem.all.values[m] - problem.all.deviations[m]));
      upper.push_back(transform.inverse(problem.all.values[m] + problem.all.deviations[m]));
      if (!findings.predictions.empty())
      {
        low.push_back(findings.predictions[m].q05);
        middle.push_back(findings.predictions[m].q50);
        high.push_back(findings.predictions[m].q95);
      }
      if (best != nullptr)
        of_best.push_back(best->observable[m]);
    }
    for (const auto *list : {&value, &lower, &upper, &low, &high, &of_best})
      all.insert(all.end(), list->begin(), list->end());
    SvgChart chart(380, 240, range_of(time), range_of(all));
    if (!low.empty())
    {
      chart.band(time, low, high, of_band);
      chart.line(time, middle, of_posterior);
    }
    if (!of_best.empty())
      chart.line(time, of_best, "#888888", true);
    for (std::size_t k = 0; k < time.size(); ++k)
      chart.line({time[k], time[k]}, {lower[k], upper[k]}, of_data);
    chart.points(time, value, of_data, 3.0);
    page += chart.svg(observable.name, "time, min", observable.column);
  }
  return page;
}

/// The fit in numbers, those that are held out too.
std::string fit_table(const CalibrationProblem &problem, const Findings &findings)
{
  if (findings.predictions.empty())
    return "";
  std::string page = "<table>" + row_of({"measurement", "used", "data", "5 %", "median", "95 %", "residual"}, "th");
  double held = 0.0;
  unsigned int n_held = 0;
  for (std::size_t m = 0; m < problem.data.size(); ++m)
  {
    const auto &prediction = findings.predictions[m];
    page += row_of({problem.all.names[m], problem.data[m].held_out ? "held out" : "fitted",
                    rounded(problem.data[m].value), rounded(prediction.q05), rounded(prediction.q50),
                    rounded(prediction.q95), rounded(prediction.from_data)});
    if (problem.data[m].held_out)
    {
      held += prediction.from_data * prediction.from_data;
      ++n_held;
    }
  }
  page += "</table>\n<p>Residual: (data - median) over the standard deviation of both, after the transform.";
  if (n_held > 0)
    page += " Mean square of those held out: " + rounded(held / n_held) + " (about 1 if the model predicts them).";
  return page + "</p>\n";
}

/// A bar for each coordinate, with its interval.
std::string bars(const Prior &prior, const std::vector<double> &values, const std::vector<SvgChart::Range> &intervals,
                 const std::string &title, const std::string &what)
{
  std::vector<double> all = values;
  all.push_back(0.0);
  for (const auto &interval : intervals)
    all.insert(all.end(), {interval.lower, interval.upper});
  const std::size_t n = values.size();
  SvgChart chart(90.0 + 70.0 * static_cast<double>(n), 190, {-0.6, static_cast<double>(n) - 0.4}, range_of(all));
  for (std::size_t c = 0; c < n; ++c)
  {
    const auto x = static_cast<double>(c);
    chart.bar(x, 0.3, 0.0, values[c], of_posterior);
    chart.line({x, x}, {intervals[c].lower, intervals[c].upper}, "#222222");
    chart.text(x, range_of(all).lower, prior.coordinate_name(c));
  }
  return chart.svg(title, "", what);
}

/// Charts for each observable.
std::string sensitivities(const CalibrationProblem &problem, const Findings &findings)
{
  const SobolResult *const sobol = findings.sobol      ? &*findings.sobol
                                   : findings.emulated ? &findings.emulated->sobol
                                                       : nullptr;
  if (!findings.morris && sobol == nullptr)
    return "";
  std::string page = heading("Sensitivity");
  if (sobol != nullptr)
    page += paragraph(std::string("Total Sobol indices of the ") +
                      (findings.sobol ? "runs" : "emulator, whose error the intervals do not hold") +
                      ": the part of the variance under the prior that stays when all other parameters are known.");
  for (std::size_t m = 0; sobol != nullptr && m < problem.fitted.names.size(); ++m)
  {
    std::vector<double> values;
    std::vector<SvgChart::Range> intervals;
    for (const auto &index : sobol->total[m])
    {
      values.push_back(index.value);
      intervals.push_back({index.lower, index.upper});
    }
    page += bars(problem.prior, values, intervals, problem.fitted.names[m], "total Sobol index");
  }
  if (findings.morris)
    page += paragraph("Morris screening: mean size of the change of a measurement, after the transform, over the range "
                      "of the prior of one parameter, with its standard error.");
  for (std::size_t m = 0; findings.morris && m < problem.fitted.names.size(); ++m)
  {
    std::vector<double> values;
    std::vector<SvgChart::Range> intervals;
    for (const auto &effect : findings.morris->effects[m])
    {
      values.push_back(effect.mean_absolute);
      intervals.push_back({effect.mean_absolute - effect.error, effect.mean_absolute + effect.error});
    }
    page += bars(problem.prior, values, intervals, problem.fitted.names[m], "mean |effect|");
  }
  return page;
}

std::string parameter_table(const CalibrationProblem &problem, const Findings &findings)
{
  const auto found = summaries(problem, findings.posterior);
  std::string page = heading("Parameters and what can be told of them") + "<table>" +
                     row_of({"parameter", "median", "90 % interval", "width over prior", "correlated most with"}, "th");
  for (std::size_t i = 0; i < found.size(); ++i)
    page += row_of({problem.prior.names()[i], rounded(found[i].median),
                    rounded(found[i].q05) + " to " + rounded(found[i].q95), rounded(found[i].of_prior),
                    problem.prior.names()[found[i].partner] + " (" + rounded(found[i].correlation) + ")"});
  page += "</table>\n<p>Posterior of method '" + findings.posterior_from +
          "'. Width over prior: standard deviation on the scale on which the prior is standard normal; near 1 the data "
          "say nothing.</p>\n";
  const auto sentences = not_identified(problem, findings.posterior);
  for (const auto &sentence : sentences)
    page += paragraph(sentence, true);
  if (sentences.empty())
    page += "<p>No parameter stays as wide as its prior, and none is known in combination with others alone.</p>\n";
  return page;
}

std::string cost(const Findings &findings)
{
  const auto &spent = findings.cost;
  return heading("Cost") + "<table>" + row_of({"members", std::to_string(findings.members.size())}) +
         row_of({"runs of this start", std::to_string(spent.runs)}) +
         row_of({"runs that failed", std::to_string(spent.failed)}) +
         row_of({"known from the journal", std::to_string(spent.from_journal)}) +
         row_of({"groups of ranks", std::to_string(findings.groups)}) +
         row_of({"ranks of a group", std::to_string(findings.ranks_each)}) +
         row_of({"time in runs", duration_text(spent.run_seconds)}) +
         row_of({"wall time of batches", duration_text(spent.batch_seconds)}) +
         row_of({"groups busy", rounded(100.0 * spent.busy) + " %"}) + "</table>\n";
}
} // namespace

std::string report_page(const CalibrationProblem &problem, const Findings &findings)
{
  std::string page = "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'><title>" +
                     escaped(problem.file.title) + "</title>\n" + style + "</head><body>\n<h1>" +
                     escaped(problem.file.title) + "</h1>\n";
  std::string methods;
  for (const auto &name : problem.file.methods.names)
    methods += (methods.empty() ? "" : ", ") + name;
  page += "<p>Model: " + escaped(problem.file.base) + "; data: " + escaped(problem.file.data) +
          "; methods: " + escaped(methods) + ".";
  if (const auto *const best = findings.best())
    page += " Least misfit of a member: " + rounded(best->misfit) + " (mean square of residuals).";
  page += "</p>\n";
  page += null_section(findings);
  if (!findings.posterior.points.empty())
    page += parameter_table(problem, findings) + profile_section(problem, findings) + marginals(problem, findings) +
            pairs(problem, findings);
  page += fit(problem, findings) + fit_table(problem, findings) + predictive_section(findings) +
          sensitivities(problem, findings) + emulator_section(problem, findings) +
          least_squares_section(problem, findings) + cost(findings);
  return page + "</body></html>\n";
}
} // namespace nidus
