#include "parameters.h"

#include "control/allowed_values.h"
#include "control/input_error.h"
#include "control/installation.h"
#include "coupling/drug_effects.h"

#include <deal.II/base/mpi.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

namespace nidus
{
namespace
{
/// Lists with one element each, so that the reference shows what an element is made of.
constexpr const char *reference_outline = R"(
subsection Organ
  subsection Regions
    subsection parenchyma
    end
  end
  subsection Refinement
    subsection airways
    end
  end
end
subsection Fields
  subsection sdf1
  end
end
subsection Reactions
  subsection hspg_binding
  end
end
subsection Boundaries
  subsection capsule
  end
end
subsection Signals
  subsection fibronectin
  end
end
subsection Agents
  subsection csc
    subsection Receptors
      subsection cxcr4
      end
    end
    subsection States
      subsection migrating
      end
    end
    subsection Transitions
      subsection engage
      end
    end
  end
end
subsection Blood
  subsection Factors
    subsection vegf
    end
  end
  subsection Circulating
    subsection hpc
    end
  end
end
subsection Interventions
  subsection plerixafor
    subsection Effects
      subsection affinity
      end
    end
  end
end
subsection Observables
  subsection Positive fractions
    subsection fibronectin
    end
  end
  subsection Pair correlations
    subsection hpc_tumour
    end
  end
  subsection Blood gradients
    subsection sdf1
    end
  end
end
)";

void declare_run(dealii::ParameterHandler &handler, RunParameters &run)
{
  handler.enter_subsection("Run");
  bind(handler, "Title", run.title, "What the run shows, in one line.", {"none"});
  bind(handler, "Dimension", run.dimension, "Number of space dimensions.", {"none"}, dealii::Patterns::Integer(2, 3));
  bind(handler, "Random seed", run.seed, "Seed of all random draws.", {"none"}, dealii::Patterns::Integer(0));
  bind(handler, "End time", run.end_time, "Simulated time; a multiple of the macro step.", {"min"},
       allowed::positive());
  bind(handler, "Macro step", run.macro_step,
       "Step of decisions, blood and coupling; all other steps divide it or are multiples of it.", {"min"},
       allowed::positive());
  bind(handler, "Motion steps per macro step", run.motion_substeps, "Number of motion steps in a macro step.", {"none"},
       dealii::Patterns::Integer(1, 100000));
  bind(handler, "Field steps per macro step", run.field_substeps, "Number of implicit field steps in a macro step.",
       {"none"}, dealii::Patterns::Integer(1, 100000));
  bind(handler, "Memory check", run.memory_check,
       "What happens to a run that is predicted to need more memory than its machines have left: refuse or warn.",
       {"none"}, dealii::Patterns::Selection("refuse|warn"));
  handler.leave_subsection();
}

void declare_output(dealii::ParameterHandler &handler, OutputParameters &output)
{
  handler.enter_subsection("Output");
  bind(handler, "Interval", output.interval,
       "Time between outputs and rows of statistics.csv; a multiple of the macro step.", {"min"}, allowed::positive());
  bind(handler, "Checkpoint interval", output.checkpoint_interval,
       "Time between checkpoints, a multiple of the macro step; 0: none on schedule, only when one is asked for.",
       {"min"}, allowed::non_negative());
  bind(handler, "Checkpoint wall interval", output.checkpoint_wall_interval,
       "Wall time between checkpoints, besides those of 'Checkpoint interval'; 0: none by the clock.", {"s"},
       allowed::non_negative());
  bind(handler, "Checkpoints kept", output.checkpoints_kept,
       "The last so many checkpoints stay, so that an older one can be taken when the newest is damaged.", {"none"},
       dealii::Patterns::Integer(1, 1000));
  bind(handler, "Piece files", output.piece_files, "Files of field output per time; 0: chosen by the number of ranks.",
       {"none"}, dealii::Patterns::Integer(0, 1000000));
  handler.leave_subsection();
}

void declare_balance(dealii::ParameterHandler &handler, BalanceParameters &balance)
{
  handler.enter_subsection("Balance");
  bind(handler, "Mode", balance.mode,
       "never: the mesh is shared out among the ranks at the start; measured: again, by the measured times of mesh "
       "cells "
       "and agents, when that saves more time than it takes; always: at every check. A new partition adds in another "
       "order, so only runs with 'never' can be repeated bit for bit.",
       {"none"}, dealii::Patterns::Selection("never|measured|always"));
  bind(handler, "Check interval", balance.check_interval,
       "Time between checks, a multiple of the macro step; a repartition has to pay until the next one.", {"min"},
       allowed::positive());
  bind(handler, "Smallest gain", balance.smallest_gain,
       "For 'measured': the least part of the time of a macro step that a repartition must save.", {"1"},
       dealii::Patterns::Double(0.0, 1.0));
  handler.leave_subsection();
}

void declare_adaptivity(dealii::ParameterHandler &handler, AdaptivityParameters &adaptivity)
{
  handler.enter_subsection("Adaptivity");
  bind(handler, "Interval", adaptivity.interval,
       "Time between looks at the mesh, a multiple of the macro step; at each, cells become finer or coarser by one "
       "level; "
       "0: the mesh stays.",
       {"min"}, allowed::non_negative());
  bind(handler, "Fields", adaptivity.fields, "Fields whose estimated error refines cells.", {"none"},
       dealii::Patterns::List(dealii::Patterns::Anything()));
  bind(handler, "Error", adaptivity.error,
       "A cell is refined when the estimated error of a value in it, over the greatest value of the field, is above "
       "this.",
       {"1"}, dealii::Patterns::Double(1e-6, 1.0));
  bind(handler, "Coarsening", adaptivity.coarsening,
       "Cells whose error is below this part of 'Error' may go up in their parent, whose error is four times as large: "
       "below 0.25, so that they are not refined again at once.",
       {"1"}, dealii::Patterns::Double(0.0, 0.25));
  bind(handler, "Agents", adaptivity.agents, "Types of agents whose crowding refines cells.", {"none"},
       dealii::Patterns::List(dealii::Patterns::Anything()));
  bind(handler, "Most agents in a cell", adaptivity.most_agents,
       "A cell with more of these agents is refined; cells go up in a parent that then has at most half as many; 0: "
       "agents do not count.",
       {"none"}, dealii::Patterns::Integer(0));
  bind(handler, "Smallest cell size", adaptivity.smallest_size, "No longest edge becomes shorter by refinement.",
       {"um"}, allowed::positive());
  bind(handler, "Largest cell size", adaptivity.largest_size,
       "Cells of the first mesh go up in a parent of one region with a longest edge of at most this; 0: the mesh is "
       "never "
       "coarser than the first one.",
       {"um"}, allowed::non_negative());
  bind(handler, "Most cells", adaptivity.most_cells,
       "Nothing is refined, and a warning says so, when the mesh would have more cells; 0: no limit.", {"none"},
       dealii::Patterns::Integer(0));
  handler.leave_subsection();
}

void declare_all(const ParameterFile &file, dealii::ParameterHandler &handler, Parameters &parameters)
{
  declare_run(handler, parameters.run);
  parameters.organ.declare(file, handler);
  parameters.vessels.declare(handler);
  parameters.fields.declare(file, handler);
  parameters.agents.declare(file, handler);
  parameters.blood.declare(file, handler);
  parameters.interventions.declare(file, handler);
  declare_output(handler, parameters.output);
  parameters.observables.declare(file, handler);
  declare_balance(handler, parameters.balance);
  declare_adaptivity(handler, parameters.adaptivity);
}

/// The number of macro steps in a time, which must be whole.
std::uint64_t whole_steps(const double time, const double macro_step, const std::string &entry)
{
  const double steps = std::round(time / macro_step);
  if (std::abs(steps * macro_step - time) > 1e-9 * std::max(time, macro_step))
    throw input_error(entry, time, "a multiple of Run/Macro step", "choose a multiple");
  return static_cast<std::uint64_t>(steps);
}

/// A quasi-steady field without any loss has no steady state.
void check_losses(const Parameters &parameters)
{
  for (std::size_t s = 0; s < parameters.fields.fields.size(); ++s)
  {
    const auto &field = parameters.fields.fields[s];
    bool lost = !field.quasi_steady || field.decay_rate > 0.0 || field.vascular_exchange > 0.0 ||
                (parameters.vessels.any() && field.vessel_permeability > 0.0) || parameters.fields.is_consumed(s);
    for (const auto &condition : parameters.fields.boundaries)
      lost |= condition.field_index == static_cast<int>(s) && condition.takes();
    for (const auto &type : parameters.agents.types)
      for (const auto &receptor : type.receptors)
        lost |= receptor.consumed_field == static_cast<int>(s) && receptor.internalisation_rate > 0.0;
    if (!lost)
      throw InputError(
          "Fields/" + field.name + "/Quasi-steady", "true", "false for a field that nothing takes from",
          "such a field has no steady state; give it a decay rate, an exchange with the blood, a reaction, "
          "uptake by agents, or a boundary with Kind 'value' or 'Robin'");
  }
}

/// The folder of the parameter file with a slash at the end, or nothing.
std::string folder_of(const std::string &file_name)
{
  const auto slash = file_name.rfind('/');
  return slash == std::string::npos ? "" : file_name.substr(0, slash + 1);
}

/// A knock-down stops the synthesis of full receptors; without one it could only make receptors vanish with their
/// ligand.
void check_knock_downs(const Parameters &parameters)
{
  for (const auto &intervention : parameters.interventions.list)
    for (const auto &effect : intervention.effects)
      for (const auto &type : parameters.agents.types)
        for (const auto &receptor : type.receptors)
        {
          const std::string target = type.name + "." + receptor.name;
          if (effect.acts_on(EffectKind::receptor_number, target) && receptor.is_full() &&
              receptor.synthesis_rate <= 0.0)
            throw InputError("Interventions/" + intervention.name + "/Effects/" + effect.name + "/Targets", target,
                             "receptors that are quasi-steady or have a synthesis rate",
                             "give the receptor 'Synthesis rate' and 'Degradation rate'");
        }
}

/// What the blood loses to the organ is counted in molecules.
void check_exchange(const Parameters &parameters)
{
  for (const auto &field : parameters.fields.fields)
    if (field.blood_index >= 0 && parameters.blood.factors[field.blood_index].feels_organ() && field.unit != "nM")
      throw InputError("Blood/Factors/" + field.blood_factor + "/Exchange with the organ", "taken into account",
                       "ignored for a factor that the field '" + field.name + "', in unit " + field.unit +
                           ", exchanges",
                       "only amounts of fields in nM are molecules");
}

/// The first cell of a bolus must be able to arrest somewhere.
void check_boluses(const Parameters &parameters)
{
  const auto &regions = parameters.organ.regions;
  const bool flow = std::any_of(regions.begin(), regions.end(),
                                [](const auto &region) { return region.tissue && region.blood_flow > 0.0; });
  for (const auto &intervention : parameters.interventions.list)
    for (const auto &population : parameters.blood.circulating)
      if (intervention.is_bolus() && intervention.population == population.name && !population.in_vessels() && !flow &&
          intervention.first_pass_fraction > 0.0)
        throw input_error("Interventions/" + intervention.name + "/First pass fraction",
                          intervention.first_pass_fraction, "0 for an organ without blood flow",
                          "set 'Blood flow' of a region in Organ/Regions");
}

void resolve_balance(Parameters &parameters)
{
  auto &balance = parameters.balance;
  if (balance.mode == "never")
    return;
  balance.steps_between_checks =
      whole_steps(balance.check_interval, parameters.run.macro_step, "Balance/Check interval");
  if (balance.steps_between_checks == 0)
    throw input_error("Balance/Check interval", balance.check_interval, "at least Run/Macro step", "raise it");
}

void resolve_adaptivity(Parameters &parameters)
{
  auto &adaptivity = parameters.adaptivity;
  for (const auto &name : adaptivity.fields)
  {
    const int index = parameters.fields.index(name);
    if (index < 0)
      throw InputError("Adaptivity/Fields", name, listed(parameters.fields.names()), "name a field of the file");
    adaptivity.field_indices.push_back(static_cast<unsigned int>(index));
  }
  std::vector<std::string> types;
  for (const auto &type : parameters.agents.types)
    types.push_back(type.name);
  adaptivity.agent_types.assign(types.size(), 0);
  for (const auto &name : adaptivity.agents)
  {
    const auto found = std::find(types.begin(), types.end(), name);
    if (found == types.end())
      throw InputError("Adaptivity/Agents", name, listed(types), "name a type of agent of the file");
    adaptivity.agent_types[found - types.begin()] = 1;
  }
  if (adaptivity.interval <= 0.0)
    return;
  adaptivity.steps_between = whole_steps(adaptivity.interval, parameters.run.macro_step, "Adaptivity/Interval");
  if (adaptivity.steps_between == 0)
    throw input_error("Adaptivity/Interval", adaptivity.interval, "0, or at least Run/Macro step", "raise it");
  if (adaptivity.fields.empty() && (adaptivity.agents.empty() || adaptivity.most_agents == 0))
    throw InputError("Adaptivity/Fields", "",
                     "fields, or 'Agents' with 'Most agents in a cell', when Interval is not 0",
                     "say what refines the mesh, or set Adaptivity/Interval = 0");
  if (adaptivity.largest_size > 0.0 && adaptivity.largest_size < adaptivity.smallest_size)
    throw input_error("Adaptivity/Largest cell size", adaptivity.largest_size,
                      "0, or at least Adaptivity/Smallest cell size", "raise it");
}

void resolve(Parameters &parameters)
{
  const std::string folder = folder_of(parameters.file_name);
  const std::string directory = folder.substr(0, folder.size() - (folder.empty() ? 0 : 1));
  parameters.organ.resolve(parameters.run.dimension, directory);
  parameters.vessels.resolve(parameters.run.dimension, parameters.organ.shape, directory);
  for (const auto &rule : parameters.organ.refinement_rules)
    if (rule.where == "vessels" && !parameters.vessels.any())
      throw InputError(rule.entry("Where"), "vessels", "another place while Vessels/Source = none",
                       "resolve vessels, or remove the rule");
  parameters.blood.resolve(parameters.run.end_time);
  parameters.blood.draw_animal(parameters.run.seed);
  std::vector<std::string> regions;
  for (const auto &region : parameters.organ.regions)
    regions.push_back(region.name);
  parameters.fields.resolve(regions, parameters.blood.factor_names());
  parameters.agents.resolve({parameters.fields.names(), parameters.blood.factor_names(), regions,
                             parameters.interventions.names(), parameters.run.dimension});
  check_losses(parameters);
  parameters.interventions.resolve(intervention_targets(parameters.agents, parameters.blood, parameters.fields));
  note_greatest_arrests(parameters.interventions, parameters.blood);
  check_exchange(parameters);
  check_boluses(parameters);
  check_knock_downs(parameters);
  parameters.observables.resolve(parameters.agents, parameters.fields, parameters.blood, parameters.run.dimension);
  if (parameters.time_settings().output_interval == 0)
    throw input_error("Output/Interval", parameters.output.interval, "at least Run/Macro step", "raise it");
  resolve_balance(parameters);
  resolve_adaptivity(parameters);
}

std::string printed(dealii::ParameterHandler &handler, const dealii::ParameterHandler::OutputStyle style)
{
  std::ostringstream text;
  handler.print_parameters(text, style);
  return text.str();
}

/// Reads a file on rank 0 for all. Throws InputError on all ranks, which calls it @p what.
std::string read_file(MPI_Comm communicator, const std::string &what, const std::string &file_name)
{
  std::string text;
  bool good = true;
  if (dealii::Utilities::MPI::this_mpi_process(communicator) == 0)
  {
    std::ifstream stream(file_name, std::ios::binary);
    std::ostringstream content;
    // A folder opens like a file, but nothing can be read from it.
    good = static_cast<bool>(stream) && static_cast<bool>(content << stream.rdbuf());
    text = content.str();
  }
  good = dealii::Utilities::MPI::broadcast(communicator, good);
  if (!good)
    throw InputError("the " + what + " '" + file_name + "' cannot be read, or is empty", "check the name");
  return dealii::Utilities::MPI::broadcast(communicator, text);
}

/// Whether rank 0 can open a file.
bool exists(MPI_Comm communicator, const std::string &file_name)
{
  const bool is_root = dealii::Utilities::MPI::this_mpi_process(communicator) == 0;
  return dealii::Utilities::MPI::broadcast(communicator, is_root && std::ifstream(file_name).good());
}

/// Beside the parameter file, or else among the files that come with the program.
std::string place_of_table(MPI_Comm communicator, const std::string &folder, const std::string &name)
{
  return exists(communicator, folder + name) ? folder + name : parameter_folder() + "/" + name;
}

/// The first of @p names that exists in @p folder or among the files that come with the program.
IncludedFile read_include(MPI_Comm communicator, const std::string &folder, const std::vector<std::string> &names)
{
  const std::string shipped = parameter_folder() + "/";
  for (const auto &name : names)
    for (const auto &where : {folder, shipped})
      if (exists(communicator, where + name))
        return {name, read_file(communicator, "included file", where + name)};
  throw InputError("the included file '" + names.back() + "' is neither beside the file that includes it nor in '" +
                       shipped + "'",
                   "check the name");
}

bool is_entry(const nlohmann::ordered_json &node)
{
  return node.is_object() && node.contains("value") && node["value"].is_string();
}

void write_markdown(std::ostream &out, const nlohmann::ordered_json &node, const std::string &path)
{
  bool header = false;
  for (const auto &item : node.items())
    if (is_entry(item.value()))
    {
      if (!header)
        out << "\n## " << (path.empty() ? "Top level" : path)
            << "\n\n| entry | default | allowed | meaning |\n|---|---|---|---|\n";
      header = true;
      std::string meaning = item.value().value("documentation", ""),
                  allowed = in_words(item.value().value("pattern_description", ""));
      for (std::string *cell : {&meaning, &allowed})
        for (auto bar = cell->find('|'); bar != std::string::npos; bar = cell->find('|', bar + 2))
          cell->replace(bar, 1, "\\|");
      out << "| " << item.key() << " | `" << item.value()["value"].get<std::string>() << "` | " << allowed << " | "
          << meaning << " |\n";
    }
  for (const auto &item : node.items())
    if (!is_entry(item.value()) && item.value().is_object())
      write_markdown(out, item.value(), path.empty() ? item.key() : path + "/" + item.key());
}
} // namespace

TimeStepper::Settings Parameters::time_settings() const
{
  TimeStepper::Settings settings;
  settings.macro_step = run.macro_step;
  settings.motion_substeps = run.motion_substeps;
  settings.field_substeps = run.field_substeps;
  settings.n_steps = whole_steps(run.end_time, run.macro_step, "Run/End time");
  settings.output_interval = whole_steps(output.interval, run.macro_step, "Output/Interval");
  settings.checkpoint_interval = whole_steps(output.checkpoint_interval, run.macro_step, "Output/Checkpoint interval");
  return settings;
}

void load_parameters(MPI_Comm communicator, const std::string &file_name, const std::vector<std::string> &overrides,
                     Parameters &parameters)
{
  parameters.file_name = file_name;
  parameters.file_text = read_file(communicator, "parameter file", file_name);
  ParameterFile file = ParameterFile::parse(parameters.file_text, [&](const std::vector<std::string> &names) {
    return read_include(communicator, folder_of(file_name), names);
  });
  for (const auto &assignment : overrides)
    file.add_override(assignment);
  dealii::ParameterHandler handler;
  declare_all(file, handler, parameters);
  file.assign_to(handler);
  using Handler = dealii::ParameterHandler;
  parameters.as_prm = printed(handler, static_cast<Handler::OutputStyle>(Handler::PRM | Handler::KeepDeclarationOrder));
  parameters.as_json =
      printed(handler, static_cast<Handler::OutputStyle>(Handler::JSON | Handler::KeepDeclarationOrder));
  const auto beside = [&](const std::string &name) { return (name.front() == '/' ? "" : folder_of(file_name)) + name; };
  for (auto &type : parameters.agents.types)
    if (!type.initial_positions_file.empty())
      type.positions_text =
          read_file(communicator, "file of positions of Agents/" + type.name, beside(type.initial_positions_file));
  for (const auto &[entry, table] : parameters.blood.tables())
    table->text = read_file(
        communicator, "file of " + entry,
        table->file.front() == '/' ? table->file : place_of_table(communicator, folder_of(file_name), table->file));
  resolve(parameters);
}

std::string parameter_reference(const std::string &format)
{
  const ParameterFile file = ParameterFile::parse(reference_outline);
  Parameters parameters;
  dealii::ParameterHandler handler;
  declare_all(file, handler, parameters);
  using Handler = dealii::ParameterHandler;
  if (format == "prm")
    return printed(handler, static_cast<Handler::OutputStyle>(Handler::PRM | Handler::KeepDeclarationOrder));
  std::string json = printed(handler, static_cast<Handler::OutputStyle>(Handler::JSON | Handler::KeepDeclarationOrder));
  if (format == "json")
    return json;
  std::ostringstream text;
  text << "# Parameters of Nidus\n\nLists (fields, reactions, signals, agent types with their receptors, states and "
          "transitions, blood factors, circulating cells, interventions, observables) show one element; the names of "
          "elements are "
          "the user's.\n";
  write_markdown(text, nlohmann::ordered_json::parse(json), "");
  return text.str();
}
} // namespace nidus
