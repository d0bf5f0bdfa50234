#pragma once

#include "organ/organ.h"
#include "organ/vessel_flow.h"
#include "organ/vessel_parameters.h"

#include <memory>

namespace nidus
{
/// The vessels of an organ that are resolved as lines, and the blood that flows in them. It does not depend on the mesh
/// once it is made, and is the same on all ranks.
struct VesselSystem
{
  VesselNetwork network;
  VesselFlow flow;
  MurrayFit murray;

  double total_length() const; ///< um
  double wall_area() const;    ///< um^2

  /// Lines for a reader.
  std::vector<std::string> describe() const;
};

/**
 * Reads or makes the vessels, checks that they are in the tissue, and solves for the flow of blood. Null when the
 * parameters ask for none. Collective. Throws InputError on all ranks for what cannot be read or is impossible, and for
 * vessels that leave the tissue.
 */
template <int dim>
std::shared_ptr<const VesselSystem> make_vessels(const Organ<dim> &organ, const VesselParameters &parameters,
                                                 std::uint64_t seed);
} // namespace nidus
