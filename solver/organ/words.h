#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nidus
{
/// What stands between blanks in @p line, of it the first @p most.
std::vector<std::string> words_of(const std::string &line, std::size_t most = static_cast<std::size_t>(-1));
} // namespace nidus
