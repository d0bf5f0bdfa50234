#include "calibration/table_observable.h"

#include "control/input_error.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <stdexcept>

namespace nidus
{
namespace
{
double number_in(const TableEntry &entry)
{
  if (const auto *const whole = std::get_if<std::uint64_t>(&entry))
    return static_cast<double>(*whole);
  return std::get<double>(entry);
}

/// Reads a number at the start of @p text and takes it away; false when there is none.
bool take_number(std::string &text, double &number)
{
  char *end = nullptr;
  number = std::strtod(text.c_str(), &end);
  const auto length = static_cast<std::size_t>(end - text.c_str());
  text.erase(0, length);
  return length > 0;
}
std::size_t column_of(const TableHead &head, const std::string &name, const std::string &place)
{
  std::vector<std::string> names;
  for (std::size_t c = 0; c < head.columns.size(); ++c)
    if (head.columns[c].name == name)
      return c;
    else
      names.push_back(head.columns[c].name);
  throw InputError(place, name, listed(names), "name a column of " + head.file);
}

bool holds_names(const TableHead &head, const std::size_t column)
{
  return head.columns[column].unit == "name";
}
} // namespace

TableObservable::TableObservable(const ObservableEntry &entry, const std::vector<TableHead> &tables)
    : statistic(entry.statistic)
{
  std::vector<std::string> names = {"statistics"};
  for (const auto &head : tables)
    names.push_back(head.file.substr(0, head.file.rfind(".csv")));
  const auto found = std::find(names.begin() + 1, names.end(), entry.table);
  if (found == names.end())
    throw InputError(entry.entry("Table"), entry.table, listed(names),
                     "name a table that the base file writes, or switch it on there (section Observables)");
  table = static_cast<std::size_t>(found - names.begin()) - 1;
  const auto &head = tables[table];
  if (statistic != "count")
  {
    column = column_of(head, entry.column, entry.entry("Column"));
    if (holds_names(head, column))
      throw InputError(entry.entry("Column"), entry.column, "a column of numbers", "name what is compared");
  }
  for (const auto &[name, text] : named_texts(entry.where, entry.entry("Where")))
  {
    const auto of = column_of(head, name, entry.entry("Where"));
    conditions.push_back(holds_names(head, of) ? Condition{of, text, 0.0, 0.0}
                                               : interval_of(of, name, text, entry.entry("Where")));
  }
}

TableObservable::Condition TableObservable::interval_of(const std::size_t column, const std::string &name,
                                                        const std::string &text, const std::string &place)
{
  Condition condition{column, "", 0.0, 0.0};
  std::string rest = text;
  bool good = take_number(rest, condition.least);
  condition.greatest = condition.least;
  if (good && rest.rfind(" to ", 0) == 0)
  {
    rest.erase(0, 4);
    good = take_number(rest, condition.greatest);
  }
  if (!good || !rest.empty() || condition.least > condition.greatest)
    throw InputError(place, name + ": " + text, "'number' or 'number to number', the smaller one first", "correct it");
  return condition;
}

bool TableObservable::counts(const TableRow &row) const
{
  return std::all_of(conditions.begin(), conditions.end(), [&](const Condition &condition) {
    const auto &entry = row[condition.column];
    if (!condition.name.empty())
      return std::get<std::string>(entry) == condition.name;
    const double number = number_in(entry);
    return number >= condition.least && number <= condition.greatest;
  });
}

double TableObservable::operator()(const std::vector<std::vector<TableRow>> &rows) const
{
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  double n = 0.0, sum = 0.0, least = nothing, greatest = nothing;
  for (const auto &row : rows[table])
    if (counts(row))
    {
      n += 1.0;
      if (statistic == "count")
        continue;
      const double number = number_in(row[column]);
      sum += number;
      least = std::fmin(least, number);
      greatest = std::fmax(greatest, number);
    }
  if (statistic == "count")
    return n;
  if (statistic == "sum")
    return sum;
  if (statistic == "mean")
    return sum / n;
  return statistic == "least" ? least : greatest;
}
} // namespace nidus
