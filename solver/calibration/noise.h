#pragma once

#include "calibration/ask.h"

#include <vector>

namespace nidus
{
/**
 * By how much data and model differ by chance, per observable: the variance of the data, and that of the mean over the
 * replicates of the model, s^2 / R, where s^2 is pooled over all answers (one answer has too few replicates to tell).
 *
 * @p one_realisation : the data are those of one animal, say, and their deviations do not hold how realisations differ;
 * then s^2 is added once more. Answers without a second replicate say nothing of s^2; without any that do it is zero.
 */
std::vector<double> noise_variance(const Target &target, const std::vector<Answer> &answers, bool one_realisation);

/// Logarithm of the probability density of the data for the mean of one answer, without its constant; minus infinity
/// when it failed.
double log_likelihood(const Target &target, const Answer &answer, bool one_realisation);

/// s^2 alone: the variance of a single replicate, pooled over @p answers.
std::vector<double> pooled_variance(std::size_t n_observables, const std::vector<Answer> &answers);

/// Replicates of an answer that did not fail, on average; 1 without any.
double mean_replicates(const std::vector<Answer> &answers);
} // namespace nidus
