#include "control/installation.h"

#include "control/version.h"

#include <filesystem>

namespace nidus
{
std::string parameter_folder()
{
  std::error_code none_such;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", none_such);
  const auto installed = program.parent_path().parent_path() / "share/nidus/params";
  return std::filesystem::is_directory(installed, none_such) ? installed.string() : version::source_parameter_folder;
}
} // namespace nidus
