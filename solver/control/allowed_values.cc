#include "control/allowed_values.h"

#include <cstdlib>
#include <limits>
#include <regex>

namespace nidus
{
namespace
{
/// "of at least LOW and at most HIGH", without the ends that stand for infinity.
std::string range_in_words(const std::string &low, const std::string &high)
{
  // Not std::stod, which refuses the smallest numbers.
  const double lower = std::strtod(low.c_str(), nullptr), upper = std::strtod(high.c_str(), nullptr);
  std::string text;
  if (lower > 0.0 && lower < 1e-300)
    text = " above 0";
  else if (lower > -1e300)
    text = " of at least " + low;
  if (upper < 1e300 && upper != std::numeric_limits<int>::max())
    text += (text.empty() ? " of at most " : " and at most ") + high;
  return text;
}
} // namespace

std::string in_words(const std::string &pattern)
{
  static const std::regex number(R"(\[(Double|Integer range|Integer) ([^ ]+?)\.\.\.([^ ]+) \(inclusive\)\])");
  static const std::regex selection(R"(\[Selection (.*?) ?\])");
  static const std::regex map(R"(\[Map of <\[Anything\]>:<(.*)> of length .*\])");
  static const std::regex optional(R"(\[List of <(.*)> of length 0\.\.\.1 \(inclusive\)\])");
  static const std::regex list(R"(\[List of <(.*)> of length .*\])");
  std::smatch match;
  if (pattern == "[Anything]")
    return "any text";
  if (pattern == "[FileName (Type: input)]")
    return "the name of a file";
  if (pattern == "[Bool]")
    return "true or false";
  if (std::regex_match(pattern, match, selection))
    return "one of " + std::regex_replace(match[1].str(), std::regex("\\|"), ", ");
  if (std::regex_match(pattern, match, map))
    return "'name: value, ...', each value " + in_words(match[1].str());
  if (std::regex_match(pattern, match, optional))
    return "empty, or " + in_words(match[1].str());
  if (std::regex_match(pattern, match, list))
    return "a list with commas, each entry " + in_words(match[1].str());
  if (std::regex_match(pattern, match, number))
    return (match[1] == "Double" ? "a number" : "a whole number") + range_in_words(match[2], match[3]);
  return pattern;
}
} // namespace nidus
