#pragma once

#include "calibration/null_hypothesis.h"
#include "calibration/observable_entry.h"
#include "calibration/prior.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
/// A number of the base file that is not known.
struct FreeParameter
{
  std::string name;
  std::string path;         ///< "Section/Entry", as for --set; empty: it is an argument of sub-models only
  std::string text = "%";   ///< what the entry is set to; % stands for the number
  std::string prior;        ///< as Marginal reads it
  std::string lower, upper; ///< bounds; empty: none
  std::string null;         ///< value without the effect that is tested; empty: none is
  std::string group;        ///< of fractions that sum to one; empty: none
  double concentration = 1.0;

  std::string entry(const std::string &of) const { return "Parameters/" + name + "/" + of; }
  /// "Section/Entry=value", for a number.
  std::string assignment(double value) const;
};

/// Budgets; a method that is not in the list of methods is not run.
struct MethodBudgets
{
  std::vector<std::string> names; ///< in the order in which they run
  unsigned int design_members = 40;
  unsigned int morris_trajectories = 6;
  unsigned int sobol_points = 64;
  unsigned int kalman_members = 40, kalman_iterations = 10;
  bool kalman_localise = false;
  unsigned int abc_particles = 100, abc_generations = 6, abc_runs = 2000;
  unsigned int emulator_runs = 300, emulator_rounds = 1, emulator_members = 20, chain_steps = 4000;
  unsigned int fit_evaluations = 200;
  double fit_difference = 1e-3;
  unsigned int profile_points = 15;
  std::string profile_of = "emulator"; ///< emulator | model
};

/// What a calibration file says.
struct CalibrationParameters
{
  std::string title = "untitled", base, data;
  unsigned int seed = 1, replicates = 2, ranks_each = 1;
  std::string uncertainty = "standard error"; ///< standard error | standard deviation
  bool one_realisation = false;               ///< the uncertainties do not hold how realisations differ
  std::vector<FreeParameter> parameters;
  std::vector<ObservableEntry> observables;
  MethodBudgets methods;

  std::string file_name, file_text;

  /// The joint prior. Throws InputError.
  Prior prior() const;
  /// What is tested against; without coordinates when no null value is named. Throws InputError for a null that the
  /// prior cannot contain.
  NullHypothesis null_hypothesis() const;
  /// Of the parameters that have a path.
  std::vector<std::string> assignments(const std::vector<double> &values) const;
  /// Whether something is compared that only a run tells.
  bool needs_runs() const;
  /// Index of an observable; -1: there is none of that name.
  int observable(const std::string &name) const;
  bool runs(const std::string &method) const;
};

/// Reads the text of a calibration file. Throws InputError for what needs neither the base file nor the data to be
/// refused.
CalibrationParameters read_calibration(const std::string &file_name, const std::string &text);

/// "Section/Entry=value", ... as subsections of a parameter file.
std::string as_subsections(const std::vector<std::string> &assignments);

/// Every entry with its default and meaning, as a .prm; lists show one element.
std::string calibration_reference();
} // namespace nidus
