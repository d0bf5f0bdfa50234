#pragma once

#include <functional>
#include <string>
#include <vector>

/**
 * Parts of the model that have a formula, or an equation that is solved in less than a millisecond: one law by itself,
 * without mesh, agents and chance. What an experiment tells of that law alone can be fitted without a run.
 */
namespace nidus
{
enum class Range
{
  positive,
  non_negative,
  fraction ///< 0 to 1
};

/// "above 0", "at least 0", "0 to 1".
const char *in_words(Range range);
bool is_in(double value, Range range);

/// What a sub-model needs to know.
struct Argument
{
  std::string name, unit, text;
  Range range = Range::positive;
};

/// What it tells.
struct Output
{
  std::string name, unit;
  std::string x, x_unit; ///< what it is a function of; empty: of nothing
  /// @p arguments in the order of the sub-model, each in its range. Not a number where there is no answer.
  std::function<double(const std::vector<double> &arguments, double x)> at;
};

struct SubModel
{
  std::string name, text; ///< text: the equation and what it stands for
  std::vector<Argument> arguments;
  std::vector<Output> outputs;

  /// Throws InputError, with @p entry as the place, for a name that there is not.
  const Output &output(const std::string &name, const std::string &entry) const;
  /// Index of an argument; -1: there is none of that name.
  int argument(const std::string &name) const;
};
} // namespace nidus
