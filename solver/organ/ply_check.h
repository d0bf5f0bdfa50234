#pragma once

#include <string>

namespace nidus
{
/**
 * Throws InputError, which names @p entry, unless a .ply file is as its format asks and holds all that its header
 * claims. VTK 9.1 reads and writes beyond its memory else.
 */
void check_ply(const std::string &file, const std::string &entry);
} // namespace nidus
