#pragma once

#include "coupling/vessel_walls.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace nidus
{
/**
 * Where cells from the blood may arrest in resolved vessels: their segments, each with a Poisson process of its own
 * (model 3.2), along its length and around its wall alike.
 *
 * A draw is keyed by population, segment and macro step; every rank that may own the place makes it, and the one that
 * does keeps it.
 */
template <int dim>
class VesselSites
{
public:
  /// Both arguments are referred to.
  VesselSites(const VesselWalls<dim> &walls, const CellLocator<dim> &locator);

  /// Whether there are resolved vessels.
  bool any() const { return walls.system() != nullptr; }

  /// How cells of a population are held in a vessel.
  struct Trapping
  {
    double length;   ///< um, of the way to which a probability of arrest belongs
    double radius;   ///< um, of a vessel that holds half as many as a very thin one; 0: the radius does not matter
    double exponent; ///< how steeply

    /// Between 0 and 1.
    double weight(double vessel_radius) const;
  };

  /// Blood flow of a segment times the number of such lengths in it and the weight of its radius, um^3/min.
  double exposure(std::size_t segment, const Trapping &trapping) const;

  /// Sum of all exposures over the flow of blood into the network: at a probability p the fraction p times this arrests
  /// in one passage.
  double exposure_per_inflow(const Trapping &trapping) const;

  /// Sum of the exposures of all segments up to each; the same on all ranks.
  std::vector<double> cumulative_exposure(const Trapping &trapping) const;

  /// The place at the wall of a segment, at relative length @p along and angle @p around (in [0, 1]); the axis where
  /// the wall is not in tissue. Whether it is tissue of this rank.
  bool find(std::size_t segment, double along, double around, dealii::Point<dim> &point,
            typename CellLocator<dim>::Place &place) const;

  /**
   * Calls visit(key, place) for each arrival of population @p population in the macro step @p step that is at home on
   * this rank, when @p rate arrivals are expected per exposure (1/um^3). @p key is a hash of population, segment and
   * number.
   */
  using Visit =
      std::function<void(std::uint64_t, const dealii::Point<dim> &, const typename CellLocator<dim>::Place &)>;
  void draw(std::uint64_t seed, std::uint64_t population, std::uint64_t step, const Trapping &trapping, double rate,
            const Visit &visit) const;

private:
  dealii::Point<dim> on_wall(std::size_t segment, double along, double around, double distance) const;

  const VesselWalls<dim> &walls;
  const CellLocator<dim> &locator;
  std::vector<std::size_t> near; ///< segments that touch the box around the cells of this rank
  double thin = 0.0;             ///< um, a vessel of at most this radius is within the ghost layer of its axis
};
} // namespace nidus
