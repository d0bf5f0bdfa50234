#pragma once

#include "io/output_folder.h"
#include "organ/vessel_system.h"

namespace nidus
{
/**
 * Writes the vessels for ParaView: vessels.vtp, a line for each segment.
 *
 * Point arrays: `pressure` [Pa], `component` (number of the connected part). Cell arrays: `radius` [um], `flow`
 * [um^3/min, positive from the first point of the line to the second], `velocity` [um/min, the same sign], `wall_shear`
 * [Pa], `kind` (0 unknown, 1 artery, 2 capillary, 3 vein: field data `kind_names`) and `component`. Numbers are 64-bit
 * floating-point or 32-bit integers; units stand in the information of the arrays. Collective. Throws
 * std::runtime_error on all ranks.
 */
void write_vessels(const OutputFolder &folder, const VesselSystem &vessels);
} // namespace nidus
