#pragma once

#include <string>

namespace nidus
{
/**
 * What a Gmsh file of @p bytes claims that it cannot hold, or where its sections or blocks are broken; empty: nothing.
 * The reader of deal.II believes what such a file says of itself.
 */
std::string gmsh_fault(const std::string &file, double bytes);
} // namespace nidus
