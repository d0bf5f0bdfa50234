#include "io/number_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace nidus
{
std::string number_text(const double value)
{
  constexpr double largest_exact = 9007199254740992.0; // 2^53
  std::array<char, 40> text;
  const bool whole =
      std::abs(value) < largest_exact && std::trunc(value) == value && !(value == 0 && std::signbit(value));
  const auto end = whole ? std::to_chars(text.data(), text.data() + text.size(), static_cast<std::int64_t>(value))
                         : std::to_chars(text.data(), text.data() + text.size(), value);
  // The sign of a NaN says nothing.
  return std::isnan(value) ? "nan" : std::string(text.data(), end.ptr);
}

std::string key_text(std::uint64_t key)
{
  constexpr const char *digits = "0123456789abcdef";
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; key >>= 4)
    text[i] = digits[key & 0xFu];
  return text;
}
} // namespace nidus
