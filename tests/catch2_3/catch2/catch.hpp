#pragma once
// The one header of Catch2 2, made of Catch2 3: on the include path only where that is installed (tests/CMakeLists.txt).
#include <catch2/catch_all.hpp>

#include <string>

using Catch::Approx;

namespace Catch
{
/// A string that has @p text in it.
inline Matchers::StringContainsMatcher Contains(const std::string &text, CaseSensitive cases = CaseSensitive::Yes)
{
  return Matchers::ContainsSubstring(text, cases);
}
} // namespace Catch
