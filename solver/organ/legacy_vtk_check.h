#pragma once

#include <string>

namespace nidus
{
/**
 * What a legacy file of VTK of @p bytes claims that it cannot hold, an array of unknown type, or cells that are
 * none; empty: nothing.
 * VTK 9.1 asks for memory, or reads from nowhere, before it looks at these. Where values are binary, a line among them
 * may look like a claim by chance of about 1e-10 for each byte.
 */
std::string legacy_vtk_fault(const std::string &file, double bytes);
} // namespace nidus
