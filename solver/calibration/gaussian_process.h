#pragma once

#include "calibration/matrix.h"

#include <memory>
#include <vector>

namespace nidus
{
/**
 * Regression of one number on points by a Gaussian process (Rasmussen & Williams 2006, Gaussian Processes for Machine
 * Learning): a linear trend with a wide prior, and what deviates from it with the Matern 5/2 kernel, a length for each
 * coordinate. Points should have a variance of about one in each coordinate; values are standardised here.
 *
 * Lengths, variance and nugget have the greatest marginal likelihood (BFGS of GSL with derivatives, two starts, on at
 * most 200 of the points), with weak log-normal priors that keep them finite where the data say nothing. The nugget is
 * what is left beyond the noise that is known.
 */
class GaussianProcess
{
public:
  /// @p points [point][coordinate], @p values and the variance of their @p noise [point]; at least three points.
  GaussianProcess(const std::vector<std::vector<double>> &points, const std::vector<double> &values,
                  const std::vector<double> &noise);

  struct Guess
  {
    double mean = 0.0, variance = 0.0;
  };
  /// Of the function, without noise; the variance holds the nugget.
  Guess at(const std::vector<double> &point) const;
  double mean_at(const std::vector<double> &point) const;

  /// What is guessed of the value at each point, noise and all, from the others (Dubrule 1983, Math. Geol. 15, 687),
  /// with the lengths of all.
  std::vector<Guess> leave_one_out() const;

  /// [coordinate]; in units of the points.
  const std::vector<double> &lengths() const { return hyper.lengths; }
  /// In units of the values.
  double nugget() const { return hyper.nugget * scale * scale; }

  /// What is fitted; variances in units of that of the values.
  struct Hyper
  {
    std::vector<double> lengths;
    double variance = 0.5, nugget = 1e-3;
  };

private:
  std::vector<std::vector<double>> points;
  std::vector<double> noise, weights; ///< noise variances and K^-1 y, standardised
  double centre = 0.0, scale = 1.0;
  std::vector<double> values; ///< standardised
  Hyper hyper;
  std::shared_ptr<const Cholesky> factor;
};
} // namespace nidus
