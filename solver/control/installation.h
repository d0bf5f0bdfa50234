#pragma once

#include <string>

namespace nidus
{
/// The parameter files that come with the program: PREFIX/share/nidus/params for a program in PREFIX/bin, wherever that
/// has been moved to, or else the folder params of the source tree.
std::string parameter_folder();

/// The same for the meshes and images that come with it.
std::string mesh_folder();
} // namespace nidus
