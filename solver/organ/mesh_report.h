#pragma once

#include "organ/organ.h"

#include <string>
#include <vector>

namespace nidus
{
/**
 * What a user wants to know of a mesh before running on it, one line each: extent, cells by level, volume of each
 * region (beside that of the image or surface it was read from), surfaces, quality, memory. Collective.
 */
template <int dim>
std::vector<std::string> report_mesh(const Organ<dim> &organ);
} // namespace nidus
