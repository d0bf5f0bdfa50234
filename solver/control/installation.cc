#include "control/installation.h"

#include "control/version.h"

#include <filesystem>

namespace nidus
{
namespace
{
std::string installed_or(const char *folder, const char *of_source)
{
  std::error_code none_such;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", none_such);
  const auto installed = program.parent_path().parent_path() / "share/nidus" / folder;
  return std::filesystem::is_directory(installed, none_such) ? installed.string() : of_source;
}
} // namespace

std::string parameter_folder()
{
  return installed_or("params", version::source_parameter_folder);
}

std::string mesh_folder()
{
  return installed_or("meshes", version::source_mesh_folder);
}
} // namespace nidus
