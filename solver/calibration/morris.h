#pragma once

#include "calibration/ask.h"
#include "calibration/prior.h"

#include <cstdint>
#include <vector>

namespace nidus
{
struct MorrisOptions
{
  unsigned int trajectories = 10; ///< at least 2; each costs one run more than there are coordinates
  unsigned int levels = 4;        ///< of the grid in each coordinate; even
};

/// What changes when one coordinate goes over levels / (2 (levels - 1)) of its prior, per unit of the coordinate.
struct MorrisEffect
{
  double mean = 0.0;          ///< mu
  double mean_absolute = 0.0; ///< mu*, which opposite effects do not cancel
  double deviation = 0.0;     ///< sigma: the effect depends on where it is measured (nonlinear, or with others)
  double error = 0.0;         ///< standard error of mean_absolute
  unsigned int n = 0;         ///< effects that were measured; runs may fail
};

struct MorrisResult
{
  std::vector<std::vector<MorrisEffect>> effects; ///< [observable][coordinate]
  unsigned int n_runs = 0, n_failed = 0;
};

/**
 * Elementary effects (Morris 1991, Technometrics 33, 161; mu*: Campolongo, Cariboni & Saltelli 2007, Environ. Model.
 * Softw. 22, 1509), in the unit coordinates of the prior. Runs of one trajectory have the same random numbers.
 */
MorrisResult morris_screening(const Prior &prior, const Target &target, const Ask &ask, const MorrisOptions &options,
                              std::uint64_t seed);
} // namespace nidus
