#include "sub_models/sub_model.h"

#include "control/input_error.h"

namespace nidus
{
const char *in_words(const Range range)
{
  switch (range)
  {
  case Range::positive:
    return "above 0";
  case Range::non_negative:
    return "at least 0";
  case Range::fraction:
    return "0 to 1";
  }
  return "";
}

bool is_in(const double value, const Range range)
{
  switch (range)
  {
  case Range::positive:
    return value > 0.0;
  case Range::non_negative:
    return value >= 0.0;
  case Range::fraction:
    return value >= 0.0 && value <= 1.0;
  }
  return false;
}

const Output &SubModel::output(const std::string &wanted, const std::string &entry) const
{
  std::vector<std::string> names;
  for (const auto &candidate : outputs)
    if (candidate.name == wanted)
      return candidate;
    else
      names.push_back(candidate.name);
  throw InputError(entry, wanted, listed(names), "choose among what '" + name + "' tells");
}

int SubModel::argument(const std::string &wanted) const
{
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i].name == wanted)
      return static_cast<int>(i);
  return -1;
}
} // namespace nidus
