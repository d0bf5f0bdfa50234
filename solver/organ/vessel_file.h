#pragma once

#include "organ/vessel_network.h"
#include "organ/vessel_parameters.h"

#include <mpi.h>

namespace nidus
{
/**
 * Reads vessels from a file: VTK polydata (.vtp, legacy .vtk) or an unstructured grid (legacy .vtk) of lines and
 * polylines, or .swc, whose nodes are "id type x y z radius parent".
 *
 * Coincident points are merged, and pressures are prescribed where the file or 'Inlets' and 'Outlets' say. Rank 0
 * reads; the result is the same on all ranks. Collective. Throws InputError on all ranks for a file that cannot be
 * read, for missing arrays, radii that are not above zero, ends that are at no vessel and components without pressures.
 */
VesselNetwork read_vessels(MPI_Comm comm, const VesselParameters &parameters);
} // namespace nidus
