#include "calibration/calibration_parameters.h"

#include "control/input_error.h"
#include "control/named_list.h"
#include "control/parameter_file.h"
#include "io/number_text.h"
#include "sub_models/registry.h"

#include <deal.II/base/parameter_handler.h>

#include <algorithm>
#include <limits>
#include <map>
#include <sstream>

namespace nidus
{
namespace
{
using dealii::ParameterHandler;
namespace Patterns = dealii::Patterns;

const std::vector<std::string> method_names = {"design", "morris", "sobol",    "pounders", "brgn",
                                               "kalman", "abc",    "emulator", "profile"};

void declare_calibration(ParameterHandler &handler, CalibrationParameters &calibration)
{
  handler.enter_subsection("Calibration");
  bind(handler, "Title", calibration.title, "What is asked, in one line.", {"none"});
  bind(handler, "Base", calibration.base,
       "Parameter file of the model, beside this file or among those that come with the program; may be empty where "
       "sub-models tell everything.",
       {"none"});
  bind(handler, "Data", calibration.data,
       "Table of measurements (.csv) beside this file or among those that come with the program: observable, time "
       "(min; or x, that of a sub-model), value, uncertainty, unit (of a sub-model's number), n, held_out, status.",
       {"none"});
  bind(handler, "Uncertainty", calibration.uncertainty,
       "What 'uncertainty' in the table is: of the value, or of one of the n that it is the mean of.", {"none"},
       Patterns::Selection("standard error|standard deviation"));
  bind(handler, "One realisation", calibration.one_realisation,
       "The data are those of one realisation (an animal, a device), and 'uncertainty' does not hold how realisations "
       "differ: what replicates tell of that is added. Used by kalman; needs two replicates.",
       {"none"});
  bind(handler, "Random seed", calibration.seed, "Seed of the methods, and of all runs.", {"none"},
       Patterns::Integer(0));
  bind(handler, "Replicates", calibration.replicates,
       "Runs of each parameter set with other random numbers; two or more tell how much runs differ.", {"none"},
       Patterns::Integer(1, 100000));
  bind(handler, "Ranks each", calibration.ranks_each, "Ranks of mpirun on which a run is.", {"none"},
       Patterns::Integer(1, 1000000));
  handler.leave_subsection();
}

void declare_parameter(ParameterHandler &handler, FreeParameter &parameter)
{
  bind(handler, "Path", parameter.path,
       "'Section/Entry' of the base file, as for --set; empty: an argument of sub-models only.", {"none"});
  bind(handler, "Text", parameter.text, "What the entry is set to: % stands for the number, as in 'gel: %'.", {"none"});
  bind(handler, "Prior", parameter.prior,
       "uniform(lower, upper), log-uniform(lower, upper), normal(mean, deviation), log-normal(median, factor), "
       "beta(first, second), laplace(centre, scale) or spike-and-slab(probability, value, SLAB); not for members of a "
       "group.",
       {"unit of the entry"});
  bind(handler, "Lower bound", parameter.lower, "The prior is cut off below it; empty: not.", {"unit of the entry"});
  bind(handler, "Upper bound", parameter.upper, "The prior is cut off above it; empty: not.", {"unit of the entry"});
  bind(handler, "Null", parameter.null,
       "Value without the niche effect: H0, in which all parameters with an entry here have it, is compared with H1. "
       "It is "
       "inside of the prior, or the value of its spike; empty: not part of H0.",
       {"unit of the entry"});
  bind(handler, "Dirichlet group", parameter.group, "Fractions with the same name here sum to one; empty: no group.",
       {"none"});
  bind(handler, "Concentration", parameter.concentration, "Of the Dirichlet distribution of its group.", {"none"},
       allowed::positive());
}

void declare_methods(ParameterHandler &handler, MethodBudgets &methods)
{
  handler.enter_subsection("Methods");
  bind(handler, "Run", methods.names,
       "In this order: " + listed(method_names) +
           ". emulator learns from the runs of those before it, profile looks at the emulator.",
       {"none"}, allowed::names());
  const auto number = [&](const char *entry, unsigned int &member, const char *text, const int least) {
    bind(handler, entry, member, text, {"none"}, Patterns::Integer(least));
  };
  number("Design members", methods.design_members, "Parameter sets of the Latin hypercube.", 1);
  number("Morris trajectories", methods.morris_trajectories, "Each costs one member more than there are parameters.",
         1);
  number("Sobol points", methods.sobol_points, "Each costs two members more than there are parameters.", 1);
  number("Kalman members", methods.kalman_members, "Of the ensemble; ten times the parameters are usual.", 1);
  number("Kalman iterations", methods.kalman_iterations, "At most.", 1);
  bind(handler, "Kalman localise", methods.kalman_localise,
       "Distrust correlations that a small ensemble shows by chance.", {"none"});
  number("ABC particles", methods.abc_particles, "Of a generation.", 1);
  number("ABC generations", methods.abc_generations, "At most.", 1);
  number("ABC members", methods.abc_runs, "At most, in all generations.", 1);
  number("Fit evaluations", methods.fit_evaluations, "Of pounders and of brgn, at most; derivatives come on top.", 1);
  bind(handler, "Fit difference", methods.fit_difference,
       "Step for derivatives of brgn, over the width of the prior; greater for models that are rough.", {"1"},
       allowed::positive());
  number("Emulator runs", methods.emulator_runs,
         "At most, that it learns from; of more the latest half, and evenly of those before.", 1);
  number("Emulator rounds", methods.emulator_rounds,
         "In which the model is run where the emulator sees the posterior, to learn from it.", 0);
  number("Emulator members", methods.emulator_members, "Of a round.", 1);
  number("Chain steps", methods.chain_steps,
         "Of each of the four Markov chains on the emulator, after half as many to warm up.", 1000);
  number("Profile points", methods.profile_points, "Of each profile likelihood, over the range of the prior.", 5);
  bind(handler, "Profile of", methods.profile_of,
       "What is profiled: the emulator, or the model, which is then run thousands of times: for sub-models of "
       "milliseconds.",
       {"none"}, Patterns::Selection("emulator|model"));
  handler.leave_subsection();
}

void declare_all(const ParameterFile &file, ParameterHandler &handler, CalibrationParameters &calibration)
{
  declare_calibration(handler, calibration);
  declare_named_list(file, handler, {"Parameters"}, calibration.parameters, declare_parameter);
  declare_named_list(file, handler, {"Observables"}, calibration.observables, declare_observable_entry);
  declare_methods(handler, calibration.methods);
}

double bound(const FreeParameter &parameter, const std::string &name, const std::string &text, const double none)
{
  if (text.empty())
    return none;
  char *end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != '\0')
    throw InputError(parameter.entry(name), text, "a number, or nothing", "correct it");
  return value;
}

/// What a method takes from those before it.
void check_order(const CalibrationParameters &calibration)
{
  const auto &names = calibration.methods.names;
  if (names.front() == "emulator")
    throw InputError("Methods/Run", listed(names), "emulator after a method that runs the model",
                     "put design or kalman before it");
  const auto profile = std::find(names.begin(), names.end(), "profile");
  if (profile != names.end() && calibration.methods.profile_of == "emulator" &&
      std::find(names.begin(), profile, "emulator") == profile)
    throw InputError("Methods/Run", listed(names), "profile after emulator",
                     "put emulator before it, or set 'Profile of = model'");
}

void check_parameters(const CalibrationParameters &calibration)
{
  for (const auto &parameter : calibration.parameters)
  {
    const bool is_argument =
        std::any_of(calibration.observables.begin(), calibration.observables.end(),
                    [&](const auto &observable) { return observable.has_argument(parameter.name); });
    if (parameter.path.find('/') == std::string::npos && !(parameter.path.empty() && is_argument))
      throw InputError(parameter.entry("Path"), parameter.path,
                       "'Section/Entry' of the base file, or nothing for an argument of a sub-model",
                       "name the entry as for --set");
    if (!parameter.path.empty() && calibration.base.empty())
      throw InputError(parameter.entry("Path"), parameter.path, "no paths without 'Calibration/Base'",
                       "name the file of the model, or remove the path");
    if (!is_argument && !calibration.needs_runs())
      throw InputError(parameter.entry("Path"), parameter.path,
                       "parameters on which something depends that is compared",
                       "name it in the 'Arguments' of an observable, or remove it");
    if (parameter.text.find('%') == std::string::npos)
      throw InputError(parameter.entry("Text"), parameter.text, "texts with a %", "put % where the number belongs");
    if (parameter.group.empty() == parameter.prior.empty())
      throw InputError(parameter.entry("Prior"), parameter.prior, "a prior, or a 'Dirichlet group', not both",
                       "say what is known before the data");
  }
}

void check_replicates(const CalibrationParameters &calibration)
{
  const auto refused = [&](const char *allowed, const char *cure) {
    return input_error("Calibration/Replicates", calibration.replicates, allowed, cure);
  };
  if (!calibration.needs_runs() && calibration.replicates > 1)
    throw refused("1 where sub-models tell everything", "set it to 1: chance plays no part in them");
  if (calibration.one_realisation && calibration.replicates < 2)
    throw refused("2 or more with 'One realisation'", "raise it");
}

void check(const CalibrationParameters &calibration)
{
  if (calibration.data.empty())
    throw InputError("Calibration/Data", "", "the name of a table", "name the table of measurements");
  if (calibration.parameters.empty())
    throw InputError("section 'Parameters' is empty", "name what is to be found, each in a subsection");
  if (calibration.observables.empty())
    throw InputError("section 'Observables' is empty", "name what is compared with data, each in a subsection");
  if (calibration.base.empty() && calibration.needs_runs())
    throw InputError("Calibration/Base", "", "the name of a parameter file", "name the file of the model");
  check_parameters(calibration);
  check_replicates(calibration);
  for (const auto &observable : calibration.observables)
    check_observable_entry(observable);
  for (const auto &name : calibration.methods.names)
    if (std::find(method_names.begin(), method_names.end(), name) == method_names.end())
      throw InputError("Methods/Run", name, listed(method_names), "choose among them");
  if (calibration.methods.names.empty())
    throw InputError("Methods/Run", "", listed(method_names), "name at least one method");
  check_order(calibration);
}

/// Fewer members than a method needs.
void check_budgets(const CalibrationParameters &calibration, const std::size_t n_coordinates)
{
  const auto &methods = calibration.methods;
  const auto least = [&](const char *method, const char *entry, const unsigned int given, const std::size_t needed) {
    if (calibration.runs(method) && given < needed)
      throw input_error(std::string("Methods/") + entry, given, "at least " + std::to_string(needed), "raise it");
  };
  least("design", "Design members", methods.design_members, 2);
  least("morris", "Morris trajectories", methods.morris_trajectories, 2);
  least("sobol", "Sobol points", methods.sobol_points, 2);
  least("kalman", "Kalman members", methods.kalman_members, n_coordinates + 2);
  least("abc", "ABC particles", methods.abc_particles, n_coordinates + 2);
  least("abc", "ABC members", methods.abc_runs, methods.abc_particles);
  least("pounders", "Fit evaluations", methods.fit_evaluations, n_coordinates + 2);
  least("emulator", "Emulator runs", methods.emulator_runs, 2 * n_coordinates + 4);
}
} // namespace

std::string FreeParameter::assignment(const double value) const
{
  std::string filled;
  for (const char letter : text)
    filled += letter == '%' ? number_text(value) : std::string(1, letter);
  return path + "=" + filled;
}

Prior CalibrationParameters::prior() const
{
  constexpr double infinity = std::numeric_limits<double>::infinity();
  Prior result;
  std::vector<std::string> done;
  for (const auto &parameter : parameters)
    if (parameter.group.empty())
      result.add(parameter.name,
                 parse_marginal(parameter.prior, bound(parameter, "Lower bound", parameter.lower, -infinity),
                                bound(parameter, "Upper bound", parameter.upper, infinity), parameter.entry("Prior")));
    else if (std::find(done.begin(), done.end(), parameter.group) == done.end())
    {
      done.push_back(parameter.group);
      std::vector<std::string> names;
      std::vector<double> concentrations;
      for (const auto &other : parameters)
        if (other.group == parameter.group)
        {
          names.push_back(other.name);
          concentrations.push_back(other.concentration);
        }
      result.add_group(names, concentrations, parameter.entry("Dirichlet group"));
    }
  return result;
}

NullHypothesis CalibrationParameters::null_hypothesis() const
{
  const auto joint = prior();
  NullHypothesis result;
  std::size_t n_spikes = 0;
  for (const auto &parameter : parameters)
  {
    if (parameter.null.empty())
      continue;
    const double value = bound(parameter, "Null", parameter.null, 0.0);
    std::size_t c = 0;
    while (c < joint.n_coordinates() && joint.coordinate_name(c) != parameter.name)
      ++c;
    if (c == joint.n_coordinates())
      throw InputError(parameter.entry("Null"), parameter.null, "parameters outside of Dirichlet groups",
                       "leave it out, or give the parameter a prior of its own");
    const auto &marginal = joint.marginal(c);
    const bool has_spike = marginal.form().spike > 0.0;
    if (has_spike ? value != marginal.form().spike_value : value <= marginal.least() || value >= marginal.greatest())
      throw InputError(parameter.entry("Null"), parameter.null,
                       has_spike ? "the value of the spike, " + number_text(marginal.form().spike_value)
                                 : "values inside of the prior, between " + number_text(marginal.least()) + " and " +
                                       number_text(marginal.greatest()),
                       "take a prior that contains it: normal, laplace or spike-and-slab");
    result.coordinates.push_back(c);
    result.values.push_back(value);
    n_spikes += has_spike ? 1 : 0;
  }
  if (n_spikes > 0 && n_spikes < result.coordinates.size())
    throw InputError("section 'Parameters': some nulls are spikes of their priors, some are not",
                     "give all parameters with a 'Null' a spike-and-slab prior, or none");
  return result;
}

std::vector<std::string> CalibrationParameters::assignments(const std::vector<double> &values) const
{
  const auto names = prior().names();
  std::vector<std::string> result;
  for (std::size_t i = 0; i < names.size(); ++i)
    for (const auto &parameter : parameters)
      if (parameter.name == names[i] && !parameter.path.empty())
        result.push_back(parameter.assignment(values[i]));
  return result;
}

int CalibrationParameters::observable(const std::string &name) const
{
  for (std::size_t i = 0; i < observables.size(); ++i)
    if (observables[i].name == name)
      return static_cast<int>(i);
  return -1;
}

bool CalibrationParameters::needs_runs() const
{
  return std::any_of(observables.begin(), observables.end(),
                     [](const auto &observable) { return observable.sub_model.empty(); });
}

bool CalibrationParameters::runs(const std::string &method) const
{
  return std::find(methods.names.begin(), methods.names.end(), method) != methods.names.end();
}

CalibrationParameters read_calibration(const std::string &file_name, const std::string &text)
{
  const auto file = ParameterFile::parse(text);
  CalibrationParameters calibration;
  calibration.file_name = file_name;
  calibration.file_text = text;
  ParameterHandler handler;
  declare_all(file, handler, calibration);
  file.assign_to(handler);
  check(calibration);
  check_budgets(calibration, calibration.prior().n_coordinates());
  static_cast<void>(calibration.null_hypothesis());
  return calibration;
}

std::string as_subsections(const std::vector<std::string> &assignments)
{
  std::string out;
  for (const auto &assignment : assignments)
  {
    const auto equals = assignment.find('=');
    std::string path = assignment.substr(0, equals);
    unsigned int depth = 0;
    const auto indented = [&](const std::string &text) { out += std::string(2 * depth, ' ') + text + "\n"; };
    for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/'), ++depth)
    {
      indented("subsection " + path.substr(0, slash));
      path = path.substr(slash + 1);
    }
    indented("set " + path + " = " + assignment.substr(equals + 1));
    while (depth > 0)
    {
      --depth;
      indented("end");
    }
  }
  return out;
}

std::string calibration_reference()
{
  const auto file = ParameterFile::parse("subsection Parameters\nsubsection NAME\nend\nend\n"
                                         "subsection Observables\nsubsection NAME\nend\nend\n");
  CalibrationParameters calibration;
  ParameterHandler handler;
  declare_all(file, handler, calibration);
  std::ostringstream out;
  handler.print_parameters(
      out, static_cast<ParameterHandler::OutputStyle>(ParameterHandler::PRM | ParameterHandler::KeepDeclarationOrder));
  return out.str() + sub_model_reference();
}
} // namespace nidus
