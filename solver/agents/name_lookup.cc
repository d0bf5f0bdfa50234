#include "agents/name_lookup.h"

#include "control/input_error.h"
#include "control/nearest_name.h"

namespace nidus::lookup
{
std::string one_of(const std::string &what, const Names &names)
{
  if (names.empty())
    return "a " + what + ", but there is none";
  return "one of the " + what + "s " + listed(names);
}

int found(const std::string &entry, const std::string &name, const std::string &what, const Names &names)
{
  const auto position = std::find(names.begin(), names.end(), name);
  if (position == names.end())
    throw InputError(entry, name, one_of(what, names),
                     did_you_mean(name, names, "correct the name, or add a subsection for this " + what));
  return static_cast<int>(position - names.begin());
}

std::vector<std::pair<int, double>> found_all(const std::string &entry, const std::map<std::string, double> &values,
                                              const std::string &what, const Names &names)
{
  std::vector<std::pair<int, double>> indexed;
  indexed.reserve(values.size());
  for (const auto &[name, value] : values)
    indexed.emplace_back(found(entry, name, what, names), value);
  std::sort(indexed.begin(), indexed.end());
  return indexed;
}

Names split(const std::string &text, const char separator)
{
  Names parts;
  for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1)
  {
    end = text.find(separator, begin);
    const auto part = text.substr(begin, end == std::string::npos ? end : end - begin);
    const auto first = part.find_first_not_of(" \t");
    const auto last = part.find_last_not_of(" \t");
    parts.push_back(first == std::string::npos ? "" : part.substr(first, last - first + 1));
  }
  return parts;
}
} // namespace nidus::lookup
