#pragma once

#include <string>

namespace nidus
{
/**
 * Throws InputError, which names @p entry, unless the points, texture coordinates and normals that faces of an .obj
 * file name are there. VTK 9.1 looks them up all the same.
 */
void check_obj(const std::string &file, const std::string &entry);
} // namespace nidus
