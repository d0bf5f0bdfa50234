#pragma once

#include "calibration/ask.h"
#include "calibration/matrix.h"

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

/**
 * The same with how errors of observables go together: chance that makes one replicate differ from another, such as
 * where cells start, lasts, so that observables at several times are no independent witnesses. It comes from
 * pooled_covariance(); data themselves count as independent. Positive definite where all deviations are positive.
 */
Matrix noise_covariance(const Target &target, const std::vector<Answer> &answers, bool one_realisation);

/// Logarithm of the probability density of the data for the mean of one answer, without its constant; minus infinity
/// when it failed. Observables count as independent: one answer has too few replicates to tell.
double log_likelihood(const Target &target, const Answer &answer, bool one_realisation);

/// s^2 alone: the variance of a single replicate, pooled over @p answers.
std::vector<double> pooled_variance(std::size_t n_observables, const std::vector<Answer> &answers);

/// The same with covariances: correlations are shrunk towards none by as much as so few replicates tell (Schaefer &
/// Strimmer 2005, Stat. Appl. Genet. Mol. Biol. 4, 32), all the way with fewer than five degrees of freedom.
Matrix pooled_covariance(std::size_t n_observables, const std::vector<Answer> &answers);

/// Replicates of an answer that did not fail, on average; 1 without any.
double mean_replicates(const std::vector<Answer> &answers);
} // namespace nidus
