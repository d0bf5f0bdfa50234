#pragma once

#include "calibration/observable_entry.h"
#include "observables/observed.h"

#include <string>
#include <vector>

namespace nidus
{
/// What the rows of one output in a table of a run come to: how many colonies have more than 32 cells, say.
class TableObservable
{
public:
  /// @p tables : those of the run. Throws InputError for a table that is never written, columns that it has not, and
  /// conditions that do not fit them.
  TableObservable(const ObservableEntry &entry, const std::vector<TableHead> &tables);

  /// @p rows : new ones of all tables at the output, as on rank 0. Sums and counts of nothing are 0, all else of
  /// nothing is not a number.
  double operator()(const std::vector<std::vector<TableRow>> &rows) const;

private:
  struct Condition
  {
    std::size_t column;
    std::string name; ///< empty: the interval counts
    double least, greatest;
  };
  static Condition interval_of(std::size_t column, const std::string &name, const std::string &text,
                               const std::string &place);
  bool counts(const TableRow &row) const;

  std::string statistic;
  std::size_t table = 0, column = 0;
  std::vector<Condition> conditions;
};
} // namespace nidus
