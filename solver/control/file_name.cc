#include "control/file_name.h"

#include <algorithm>
#include <filesystem>

namespace nidus
{
bool stays_below(const std::string &name)
{
  const std::filesystem::path path(name);
  return !path.is_absolute() && std::find(path.begin(), path.end(), "..") == path.end();
}

namespace allowed
{
dealii::Patterns::FileName file()
{
  return dealii::Patterns::FileName(dealii::Patterns::FileName::input);
}

dealii::Patterns::List named_files()
{
  return dealii::Patterns::List(file());
}
} // namespace allowed
} // namespace nidus
