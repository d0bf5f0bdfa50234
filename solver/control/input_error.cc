#include "control/input_error.h"

#include <cstdio>
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

/// With bytes of damaged files that end a message or act on a terminal as "\x00"; new lines stay.
std::string printable(const std::string &text)
{
  std::string result;
  for (const char c : text)
  {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= 0x20 && byte != 0x7f) || c == '\n' || c == '\t')
    {
      result += c;
      continue;
    }
    char code[8];
    std::snprintf(code, sizeof code, "\\x%02x", byte);
    result += code;
  }
  return result;
}
} // namespace

InputError::InputError(const std::string &entry, const std::string &value, const std::string &allowed,
                       const std::string &cure)
    : std::runtime_error(printable("entry '" + entry + "' = '" + value + "' cannot be used. Allowed: " + allowed +
                                   ". Cure: " + sentence(cure)))
{
}

InputError::InputError(const std::string &what, const std::string &cure)
    : std::runtime_error(printable(what + ". Cure: " + sentence(cure)))
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
