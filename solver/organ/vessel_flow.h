#pragma once

#include "organ/vessel_network.h"

#include <mpi.h>

#include <vector>

namespace nidus
{
/// Blood in a network of vessels, in a steady state.
struct VesselFlow
{
  std::vector<double> pressure;  ///< at points, Pa
  std::vector<double> flow;      ///< in segments, um^3/min, positive from first to second
  std::vector<double> viscosity; ///< in segments, mPa s
  double inflow = 0.0;           ///< into the network, um^3/min
  double imbalance = 0.0;        ///< greatest net flow at a point without a prescribed pressure, per inflow

  /// Mean velocity in a segment, um/min.
  double velocity(const VesselNetwork &network, std::size_t segment) const;
  /// Shear stress at the wall of a segment, 4 mu |Q| / (pi r^3), Pa.
  double wall_shear(const VesselNetwork &network, std::size_t segment) const;
};

/// How viscous blood is.
struct BloodViscosity
{
  double value = 3.0;   ///< mPa s
  bool in_vivo = false; ///< value is that of plasma, to be multiplied with the relative viscosity of the diameter

  /// In a vessel of @p radius (um), mPa s.
  double at(double radius) const;
};

/// Viscosity of blood relative to plasma in a vessel of @p diameter (um, above 1.1) at a discharge haematocrit of 0.45:
/// the law 'in vivo' of Pries et al. 1994, as remembered [M].
double relative_viscosity_in_vivo(double diameter);

/**
 * Poiseuille flow, Q = pi r^4 / (8 mu L) (p_first - p_second), conserved at each point that has no prescribed pressure.
 *
 * Rank 0 solves with PETSc (up to 60 000 unknowns Cholesky, more: CG with BoomerAMG; then again for what is left;
 * options with the prefix `vessels_`) and all ranks get the same numbers. Each component needs a prescribed pressure.
 * Collective. Throws std::runtime_error on all ranks if the solver does not converge.
 */
VesselFlow solve_flow(MPI_Comm comm, const VesselNetwork &network, const BloodViscosity &viscosity);

/// How radii change at bifurcations.
struct MurrayFit
{
  double median = 0.0;           ///< exponent m of r0^m = r1^m + r2^m; 0: no bifurcation has one
  std::size_t bifurcations = 0;  ///< points of three segments
  std::size_t with_exponent = 0; ///< of these, those whose stem is the thickest vessel
};

/// The stem of a bifurcation is the segment with the greatest flow.
MurrayFit fit_murray(const VesselNetwork &network, const VesselFlow &flow);
} // namespace nidus
