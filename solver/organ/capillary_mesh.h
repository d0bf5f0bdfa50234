#pragma once

#include "organ/tissue_probe.h"
#include "organ/vessel_network.h"
#include "organ/vessel_parameters.h"

namespace nidus
{
/**
 * A mesh of capillaries that fills a block: junctions on a jittered cubic lattice, of which most have three segments.
 *
 * Of the lattice's edges, in a random order, those are kept that join two parts of the mesh, then those between
 * junctions with fewer than three. Radii are log-normal. Junctions at the two ends of the axis have the pressures of
 * inlet and outlet. What is not in tissue is left out, with the parts that then have lost inlet or outlet. All draws
 * are keyed with
 * @p seed. Collective. Throws InputError if nothing is left.
 */
VesselNetwork make_capillary_mesh(const CapillaryMeshParameters &parameters, const TissueProbe &tissue,
                                  std::uint64_t seed);
} // namespace nidus
