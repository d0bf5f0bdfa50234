#pragma once

#include "control/random.h"

#include <deal.II/base/tensor.h>

namespace nidus
{
/**
 * Runs and turns: an agent keeps its direction for an exponential time, then takes a new one, the unit vector of
 * (1 - b) xi + b g, with xi a uniform random unit vector and g the direction of the drift (as in PhysiCell; model 3.3).
 *
 * At b = 0 the velocity autocorrelation is v0^2 exp(-t/tau), so the mean square displacement is that of Fuerth.
 */
template <int dim>
struct DirectedWalk
{
  double speed;                 ///< um/min
  double persistence_time;      ///< mean time between turns, min
  double bias;                  ///< b, in [0, 1]
  dealii::Tensor<1, dim> drift; ///< only its direction counts; zero: turns are at random

  /**
   * Advances @p velocity (um/min) by @p length min and returns the displacement, um.
   *
   * The time to the next turn does not depend on how long ago the last one was, so the law does not depend on how time
   * is divided into steps, whose lengths are arbitrary. An agent keeps its direction when its speed has changed.
   */
  dealii::Tensor<1, dim> advance(const random::Stream &stream, double length, dealii::Tensor<1, dim> &velocity) const;

private:
  dealii::Tensor<1, dim> direction(double u, double v) const;
};
} // namespace nidus
