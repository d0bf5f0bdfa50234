#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nidus
{
/// What stands between blanks in @p line, of it the first @p most.
std::vector<std::string> words_of(const std::string &line, std::size_t most = static_cast<std::size_t>(-1));

/// Whether @p text holds ASCII characters that can be seen, blanks, tabs and ends of lines only.
bool is_text(const std::string &text);
} // namespace nidus
