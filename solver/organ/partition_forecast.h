#pragma once

#include "organ/organ.h"

#include <vector>

namespace nidus
{
/**
 * The ranks that Organ::repartition(@p weight) would give the owned cells to, by active index; no meaning for other
 * cells. p4est keeps the children of a parent together, so a cut may be up to 2^dim - 1 cells away from the one
 * that is foreseen here. Collective.
 */
template <int dim>
std::vector<unsigned int> forecast_owners(const Organ<dim> &organ, const std::vector<unsigned int> &weight);
} // namespace nidus
