#pragma once

#include <vector>

namespace nidus
{
/// R-hat of the halves of @p chains [chain][step], all as long: the root of the variance of all over that within them
/// (Gelman et al., Bayesian Data Analysis, 3rd ed., eq. 11.4). Infinite for chains that stay at different places.
double split_r_hat(const std::vector<std::vector<double>> &chains);

/// How many independent draws tell as much of the mean: autocorrelations, with what differs between chains, summed as
/// far as pairs of them are positive and fall (eq. 11.8; Geyer 1992, Stat. Sci. 7, 473).
double effective_number(const std::vector<std::vector<double>> &chains);
} // namespace nidus
