#include "calibration/observable_entry.h"

#include "control/input_error.h"

#include <deal.II/base/utilities.h>

#include <algorithm>
#include <sstream>

namespace nidus
{
namespace
{
const std::vector<std::string> statistics_of_rows = {"count", "sum", "mean", "least", "greatest"};
} // namespace

bool ObservableEntry::has_argument(const std::string &parameter) const
{
  const auto list = named_texts(arguments, entry("Arguments"));
  return std::any_of(list.begin(), list.end(), [&](const auto &argument) { return argument.second == parameter; });
}

std::vector<std::pair<std::string, std::string>> named_texts(const std::string &list, const std::string &entry)
{
  std::vector<std::pair<std::string, std::string>> result;
  std::istringstream parts(list);
  for (std::string part; std::getline(parts, part, ',');)
  {
    const auto colon = part.find(':');
    if (colon == std::string::npos || dealii::Utilities::trim(part.substr(0, colon)).empty() ||
        dealii::Utilities::trim(part.substr(colon + 1)).empty())
      throw InputError(entry, list, "lists like 'name: value, name: value'",
                       "correct '" + dealii::Utilities::trim(part) + "'");
    result.emplace_back(dealii::Utilities::trim(part.substr(0, colon)),
                        dealii::Utilities::trim(part.substr(colon + 1)));
  }
  return result;
}

void declare_observable_entry(dealii::ParameterHandler &handler, ObservableEntry &observable)
{
  bind(handler, "Column", observable.column, "Column of 'Table', without its unit.", {"none"});
  bind(handler, "Table", observable.table,
       "statistics, or a table of rows that the run writes (colonies, sections, pair_correlations), without .csv.",
       {"none"});
  bind(handler, "Statistic", observable.statistic,
       "What the rows of an output come to: count (no column), sum, mean, least or greatest. Not for statistics.",
       {"none"});
  bind(
      handler, "Where", observable.where,
      "Which rows count: 'column: number', 'column: number to number' or 'column: name', with commas between them. Not "
      "for statistics.",
      {"none"});
  bind(handler, "Sub-model", observable.sub_model,
       "Law that tells the number without a run; they are listed below the entries. Empty: a run tells it.", {"none"});
  bind(handler, "Output", observable.output, "What the sub-model tells, by the 'time' (or 'x') of the data.", {"none"});
  bind(handler, "Arguments", observable.arguments,
       "All arguments of the sub-model: 'name: number' in its unit, or 'name: free parameter', with commas between "
       "them.",
       {"none"});
  bind(handler, "Transform", observable.transform_name, "none, log1p (counts), logit (fractions), sqrt or log.",
       {"none"});
  bind(handler, "Discrepancy", observable.discrepancy,
       "Standard deviation by which the model itself may be off, after the transform; added to that of the data.",
       {"1"}, allowed::non_negative());
}

void check_observable_entry(const ObservableEntry &observable)
{
  static_cast<void>(observable.transform());
  const auto belongs = [&](const std::string &entry, const std::string &value, const std::string &where) {
    if (!value.empty())
      throw InputError(observable.entry(entry), value, "only " + where, "remove it");
  };
  if (!observable.sub_model.empty())
  {
    for (const auto &[entry, value] : {std::pair<std::string, std::string>{"Column", observable.column},
                                       {"Statistic", observable.statistic},
                                       {"Where", observable.where}})
      belongs(entry, value, "without 'Sub-model'");
    if (observable.table != "statistics")
      belongs("Table", observable.table, "without 'Sub-model'");
    return;
  }
  belongs("Output", observable.output, "with 'Sub-model'");
  belongs("Arguments", observable.arguments, "with 'Sub-model'");
  if (observable.of_statistics())
  {
    belongs("Statistic", observable.statistic, "with another 'Table'");
    belongs("Where", observable.where, "with another 'Table'");
  }
  else if (std::find(statistics_of_rows.begin(), statistics_of_rows.end(), observable.statistic) ==
           statistics_of_rows.end())
    throw InputError(observable.entry("Statistic"), observable.statistic, listed(statistics_of_rows),
                     "say what the rows of an output come to");
  if (observable.statistic == "count")
    belongs("Column", observable.column, "with another 'Statistic' than count");
  else if (observable.column.empty())
    throw InputError(observable.entry("Column"), "", "a column of " + observable.table + ".csv, or a 'Sub-model'",
                     "name what is compared");
}
} // namespace nidus
