#pragma once

#include "organ/tissue_probe.h"
#include "organ/vessel_network.h"
#include "organ/vessel_parameters.h"

namespace nidus
{
/**
 * Grows an arterial tree from the inlets and a venous one from the outlets into the whole tissue, joined by
 * capillaries.
 *
 * Ends are spread evenly over the tissue. They are connected one after the other to the branch, and by the bifurcation
 * in the triangle of its ends and the new one, that adds least volume to the tree (constrained constructive
 * optimisation, Schreiner & Buxbaum 1993, with equal flow at all ends). A branch that feeds n ends has the radius
 * r_terminal n^(1/m), so Murray's law holds exactly. All draws are keyed with @p seed. Collective. Throws InputError
 * for inlets and outlets outside of the tissue, and for too many ends.
 */
VesselNetwork grow_trees(const VesselParameters &parameters, const TissueProbe &tissue, std::uint64_t seed);
} // namespace nidus
