#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// The one of @p names, which are not empty, that differs from @p wrong by the fewest letters; case does not count.
std::string nearest_name(const std::string &wrong, const std::vector<std::string> &names);

/// The cure for a name that does not exist: "did you mean 'NAME'? Otherwise CURE" where a name is so near that a slip
/// is likely, else @p cure alone.
std::string did_you_mean(const std::string &wrong, const std::vector<std::string> &names, const std::string &cure);
} // namespace nidus
