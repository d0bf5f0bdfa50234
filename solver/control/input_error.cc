#include "control/input_error.h"

#include <sstream>

namespace nidus
{
namespace
{
/// A cure may be a documentation text that brings its own full stop.
std::string sentence(const std::string &cure)
{
  return cure.empty() || cure.back() == '.' ? cure : cure + ".";
}
} // namespace

InputError::InputError(const std::string &entry, const std::string &value, const std::string &allowed,
                       const std::string &cure)
    : std::runtime_error("entry '" + entry + "' = '" + value + "' cannot be used. Allowed: " + allowed +
                         ". Cure: " + sentence(cure))
{
}

InputError::InputError(const std::string &what, const std::string &cure)
    : std::runtime_error(what + ". Cure: " + sentence(cure))
{
}

InputError input_error(const std::string &entry, const double value, const std::string &allowed,
                       const std::string &cure)
{
  std::ostringstream text;
  text << value;
  return {entry, text.str(), allowed, cure};
}

std::string listed(const std::vector<std::string> &names)
{
  std::string text;
  for (const auto &name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}
} // namespace nidus
