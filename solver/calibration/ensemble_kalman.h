#pragma once

#include "calibration/ask.h"
#include "calibration/prior.h"
#include "calibration/weighted_samples.h"

#include <cstdint>
#include <vector>

namespace nidus
{
struct KalmanOptions
{
  unsigned int members = 60;    ///< at least two more than coordinates; ten times as many are usual
  unsigned int iterations = 20; ///< at most; the steps themselves are adaptive
  double inflation = 1.0;       ///< the spread is multiplied by this at each step; 1 does nothing
  bool localise = false;        ///< distrusts correlations that a small ensemble shows by chance
  bool one_realisation = false; ///< see noise.h
};

struct KalmanStep
{
  double time = 0.0; ///< part of the data that has been taken in after the step, 1 at the end
  double misfit =
      0.0; ///< before the step: mean square of L^-1 (data - model) over members and observables, L L^T the noise
  unsigned int n_failed = 0;  ///< members that gave no answer and were drawn anew from the others
  std::vector<double> centre; ///< parameters of the mean score before the step
};

struct KalmanResult
{
  WeightedSamples scores, parameters; ///< a sample of the posterior
  std::vector<KalmanStep> steps;
  bool converged = false; ///< all of the data was taken in
  unsigned int n_runs = 0, n_failed = 0;
};

/**
 * Ensemble Kalman inversion from prior to posterior in steps of likelihood^h, with sum h = 1 (Iglesias, Law & Stuart
 * 2013, Inverse Problems 29, 045001). h by the data-misfit controller (Iglesias & Yang 2021, Inverse Problems 37,
 * 025008). The update is the deterministic transform (Bishop, Etherton & Majumdar 2001, Mon. Weather Rev. 129, 420; for
 * inversion Huang, Huang, Reich & Stuart 2022, Inverse Problems 38, 125006) of an ensemble whose first two moments are
 * those of the prior, so that the posterior of a linear Gaussian problem is exact. With 'localise' each entry of the
 * gain is shrunk by r^2 / (r^2 + (1 - r^2)^2 / (J - 1)), r being its correlation (after Anderson 2012, Mon. Weather
 * Rev. 140, 2359), and data are perturbed instead.
 *
 * What is filtered are mean and covariance, so the posterior is a sample of the Gaussian in scores that has those of
 * the last ensemble: the outermost of a few dozen members, which the transform has moved, say little of the ends of
 * intervals. The posterior of a nonlinear problem is approximate.
 *
 * Throws InputError for too few members, SharedFault when too few answer.
 */
KalmanResult ensemble_kalman(const Prior &prior, const Target &target, const Ask &ask, const KalmanOptions &options,
                             std::uint64_t seed);
} // namespace nidus
