#pragma once

#include <string>

namespace nidus
{
/**
 * Throws InputError, which names @p entry, unless a .ply file holds all that its header claims. VTK 9.1 writes beyond
 * its memory when such a file ends too early.
 */
void check_ply(const std::string &file, const std::string &entry);
} // namespace nidus
