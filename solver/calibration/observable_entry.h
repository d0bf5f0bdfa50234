#pragma once

#include "calibration/transform.h"
#include "control/parameter_file.h"

#include <map>
#include <string>
#include <vector>

namespace nidus
{
/// A number that is compared with data: a column of a run's statistics, what the rows of one of its tables come to, or
/// what a sub-model tells.
struct ObservableEntry
{
  std::string name;
  std::string table = "statistics"; ///< file of the run, without .csv
  std::string column;               ///< of the table
  std::string statistic;            ///< of the rows of a table; empty for the statistics, which have one
  std::string where;                ///< which rows: "cells: 33 to 1e9, class: micro"
  std::string sub_model;            ///< empty: a run tells the number
  std::string output;               ///< of the sub-model
  std::string arguments;            ///< "name: number or parameter, ..."
  std::string transform_name = "none";
  double discrepancy = 0.0; ///< standard deviation by which the model itself may be off, after the transform

  std::string entry(const std::string &of) const { return "Observables/" + name + "/" + of; }
  Transform transform() const { return {transform_name, entry("Transform")}; }
  bool of_statistics() const { return sub_model.empty() && table == "statistics"; }
  /// Whether a parameter of this name is an argument of its sub-model.
  bool has_argument(const std::string &parameter) const;
};

/// "name: text, name: text" in order. Throws InputError, with @p entry as the place, for what is no such list.
std::vector<std::pair<std::string, std::string>> named_texts(const std::string &list, const std::string &entry);

void declare_observable_entry(dealii::ParameterHandler &handler, ObservableEntry &observable);

/// Throws InputError for entries that do not belong together; names of columns and sub-models are looked at elsewhere.
void check_observable_entry(const ObservableEntry &observable);
} // namespace nidus
