#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// The names of the elements of @p list (anything with a member name), in their order.
template <typename List>
std::vector<std::string> names_of(const List &list)
{
  std::vector<std::string> names;
  names.reserve(list.size());
  for (const auto &element : list)
    names.push_back(element.name);
  return names;
}
} // namespace nidus
