#pragma once

#include <catch2/catch.hpp>

#include <string>

namespace nidus::test
{
/// @p text of a calibration file with @p by in place of the first @p old, which must be there.
inline std::string replaced(std::string text, const std::string &old, const std::string &by)
{
  const auto at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), by);
}
} // namespace nidus::test
