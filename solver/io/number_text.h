#pragma once

#include <cstdint>
#include <string>

namespace nidus
{
/// The shortest decimal text that reads back as the same number; whole numbers below 2^53 without exponent.
/// "nan", "inf" and "-inf" for what is no number.
std::string number_text(double value);

/// A lineage key as 16 hexadecimal digits.
std::string key_text(std::uint64_t key);
} // namespace nidus
