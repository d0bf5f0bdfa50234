#pragma once

#include "organ/organ.h"

#include <cstdint>
#include <vector>

namespace nidus
{
/// In how many pieces a region falls, cells of which hang together by faces.
struct RegionPieces
{
  std::uint64_t number = 0;
  double largest_share = 0.0; ///< of the volume
};

/// For each region of the organ, over all ranks. Periodic sides join nothing. Collective.
template <int dim>
std::vector<RegionPieces> count_pieces(const Organ<dim> &organ);

/// A warning for each region of tissue that falls in pieces, and for each region without a cell. Collective.
template <int dim>
std::vector<std::string> region_warnings(const Organ<dim> &organ);
} // namespace nidus
