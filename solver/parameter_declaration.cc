#include "parameter_declaration.h"

#include <sstream>

namespace nidus
{
namespace
{
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
  bind(handler, "Piece files", output.piece_files,
       "Files of field output per time, and of agent output, each for a group of ranks; 1: one file; 0: chosen by the "
       "number of ranks.",
       {"none"}, dealii::Patterns::Integer(0, 1000000));
  bind(handler, "Format", output.format,
       "How fields are written. vtu: fields.pvd, everything in the files of each time; xdmf: fields.xdmf with HDF5 "
       "files, which hold the mesh once for as long as it stays, for very large runs (not for 'scripts/render').",
       {"none"}, dealii::Patterns::Selection("vtu|xdmf"));
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

std::string printed(dealii::ParameterHandler &handler, const unsigned int format)
{
  using Style = dealii::ParameterHandler::OutputStyle;
  std::ostringstream text;
  handler.print_parameters(text, static_cast<Style>(format | dealii::ParameterHandler::KeepDeclarationOrder));
  return text.str();
}
} // namespace

void declare_parameters(const ParameterFile &file, dealii::ParameterHandler &handler, Parameters &parameters)
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

std::string as_prm(dealii::ParameterHandler &handler)
{
  return printed(handler, dealii::ParameterHandler::PRM);
}

std::string as_json(dealii::ParameterHandler &handler)
{
  return printed(handler, dealii::ParameterHandler::JSON);
}
} // namespace nidus
