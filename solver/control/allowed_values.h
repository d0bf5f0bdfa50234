#pragma once

#include <string>

namespace nidus
{
/// deal.II's description of a pattern, such as "[Double 0...1 (inclusive)]", in words: "a number of at least 0 and at
/// most 1". Descriptions of a form that is not known here are returned as they are.
std::string in_words(const std::string &pattern_description);
} // namespace nidus
