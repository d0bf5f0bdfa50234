#pragma once

#include "organ/closed_surface.h"

#include <string>

namespace nidus
{
/**
 * Reads a surface (.stl, .ply, .obj, .vtp) in the unit of its file; faces with more corners become triangles, points at
 * the same place one point. Throws InputError, which names @p entry, for a file that cannot be read, claims more than
 * it can hold, or has no faces.
 */
Triangles read_surface(const std::string &file, const std::string &entry);
} // namespace nidus
