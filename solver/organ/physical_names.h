#pragma once

#include <map>
#include <string>
#include <utility>

namespace nidus
{
/// Names of the physical groups of a Gmsh file, by (dimension, number); empty for other files and for groups without
/// names. The file must be readable.
std::map<std::pair<int, int>, std::string> physical_names(const std::string &file);
} // namespace nidus
