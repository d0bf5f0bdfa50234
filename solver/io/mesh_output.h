#pragma once

#include "io/output_folder.h"
#include "organ/organ.h"

namespace nidus
{
/**
 * Writes a mesh for ParaView: mesh.pvtu, boundaries.pvtp, a piece of each for each rank, and legend.json.
 *
 * Cell arrays of the mesh, 32-bit integers: `region`, `level`, `rank`, and `tissue` (1 where the region has it). Cell
 * arrays of the boundaries, which are the faces (2-D: lines) at which tissue ends: `boundary`, `rank`. Each piece has
 * the names of regions and boundaries as field data (`region_names`, `boundary_names`), in the order of their numbers,
 * and legend.json has them too. Coordinates in um.
 *
 * Collective. Throws std::runtime_error on all ranks.
 */
template <int dim>
void write_mesh(const Organ<dim> &organ, const OutputFolder &folder);
} // namespace nidus
