#pragma once

#include <cstdio>
#include <string>

namespace nidus::test
{
/// Prints a line of the verification table: what a test has observed beside its reference. `ctest -V` shows it.
inline void measured(const std::string &verification, const std::string &quantity, const double observed,
                     const std::string &reference)
{
  std::printf("measured | %s | %s | %.4g | %s\n", verification.c_str(), quantity.c_str(), observed, reference.c_str());
}

inline void measured(const std::string &verification, const std::string &quantity, const double observed,
                     const double reference)
{
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", reference);
  measured(verification, quantity, observed, text);
}
} // namespace nidus::test
