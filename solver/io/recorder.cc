#include "io/recorder.h"

#include "control/memory.h"
#include "control/shared_fault.h"
#include "io/event_row.h"
#include "io/legend.h"
#include "io/parameter_changes.h"
#include "io/vessel_output.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <numeric>

namespace nidus
{
namespace
{
template <typename Run>
RunIdentity identity_of(const unsigned int dimension, const Run &run, const std::string &name)
{
  RunIdentity identity;
  identity.run = name;
  identity.title = run.title;
  identity.parameter_file = run.parameter_file;
  identity.resolved_parameters = run.as_prm;
  identity.dimension = dimension;
  identity.seed = run.seed;
  identity.command_line = run.command_line;
  identity.interventions = run.interventions;
  return identity;
}
} // namespace

template <int dim>
Recorder<dim>::Recorder(const std::string &output, const bool resume, const Run &run, const Organ<dim> &organ,
                        const FieldsParameters &fields, const AgentParameters &agents)
    : folder(organ.communicator(), output, resume ? OutputFolder::Mode::resume : OutputFolder::Mode::fresh),
      found(resume ? read_checkpoint(folder) : CheckpointFiles()),
      changes(resume ? accepted_changes(found.name, found.parameters, run.as_json, run.may_change)
                     : std::vector<std::string>()),
      run_log(folder, run.verbosity), provenance(folder, identity_of(dim, run, resume ? found.run : new_run())),
      agents(agents), groups(folder.communicator(),
                             run.piece_files > 0 ? run.piece_files : RankGroups::default_number(folder.communicator())),
      field_output(folder, fields, organ.regions(), groups, run.nodal_arrays,
                   run.fields_as_xdmf ? FieldFormat::xdmf : FieldFormat::vtu),
      agent_output(folder, agents, groups, run.has_colonies), events(folder), statistics(folder, run.columns),
      tables(folder, run.tables), progress(folder.communicator(), run_log), checkpoints(folder),
      run_name(provenance.run()), parameters(run.as_json), checkpoints_kept(run.checkpoints_kept)
{
  folder.write("input.prm", run.file_text);
  folder.write("parameters.prm", run.as_prm);
  folder.write("parameters.json", run.as_json);
  folder.write("legend.json", legend_text(run.title, dim, organ.regions(), fields, agents));
  if (!folder.notice().empty())
    run_log.line(folder.notice());
  for (const auto &fault : found.skipped)
    run_log.warning(fault);
  if (resume)
    run_log.line("going on from checkpoint " + found.name);
  for (const auto &change : changes)
    run_log.line("changed: " + change);
  if (!changes.empty())
    provenance.note_changes(changes);
}

template <int dim>
void Recorder<dim>::take(const std::vector<AgentEvent> &new_events, const double time)
{
  std::vector<EventRow> rows;
  rows.reserve(new_events.size());
  for (const auto &event : new_events)
    rows.push_back(row_of(event, time, agents));
  events.gather(rows);
}

template <int dim>
void Recorder<dim>::write(const TimeStepper &time, const FieldSet<dim> &fields, const AgentPopulation<dim> &population,
                          const std::vector<double> &row, const Observed &observed)
{
  field_output.write(fields, time.output_number(), time.time(), observed.at_nodes);
  agent_output.write(time.output_number(), time.time(), population, observed.at_agents);
  write_collection();
  tables.add(observed.tables);
  events.flush();
  statistics.add_row(row);
  run_log.check();
  output_written = true;
}

template <int dim>
void Recorder<dim>::write(const VesselSystem &vessels)
{
  write_vessels(folder, vessels);
  has_vessels = true;
}

template <int dim>
void Recorder<dim>::write_collection() const
{
  std::vector<CollectionPart> parts;
  for (const auto &[time, file] : field_output.collection().entries())
    parts.push_back({time, file, 0, "fields"});
  for (const auto &[time, file] : agent_output.collection().entries())
  {
    parts.push_back({time, file, 1, "agents"});
    if (has_vessels)
      parts.push_back({time, "vessels.vtp", 2, "vessels"});
  }
  folder.write("nidus.pvd", pvd_text(parts));
}

template <int dim>
void Recorder<dim>::show(const TimeStepper &time, const std::vector<std::vector<std::uint64_t>> &counts,
                         const SolverWork &work)
{
  RunState state;
  state.time = time.time();
  state.end_time = time.end_time();
  state.step = time.step();
  state.n_steps = time.n_steps();
  state.work = work;
  for (std::size_t t = 0; t < counts.size(); ++t)
    state.agents.emplace_back(agents.types[t].name,
                              std::accumulate(counts[t].begin(), counts[t].end(), std::uint64_t(0)));
  progress.update(state, output_written);
  output_written = false;
}

template <int dim>
bool Recorder<dim>::checkpoint(const std::uint64_t step, nlohmann::json state, const FieldSet<dim> &fields,
                               const AgentPopulation<dim> &population)
{
  const auto began = std::chrono::steady_clock::now();
  try
  {
    events.flush();
    state["event rows"] = events.n_rows();
    state["table rows"] = tables.n_rows();
    state["statistics rows"] = statistics.rows();
    state["field collection"] = field_output.collection().entries();
    state["field series"] = field_output.series().state();
    state["agent collection"] = agent_output.collection().entries();
    const auto bytes =
        checkpoints.write(step, {run_name, parameters, std::move(state)}, checkpoints_kept, fields, population);
    char text[96];
    std::snprintf(text, sizeof text, "checkpoint of step %llu: %.3f MB in %.3f s",
                  static_cast<unsigned long long>(step), static_cast<double>(bytes) * 1e-6,
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    run_log.record(text);
    return true;
  }
  catch (const SharedFault &fault)
  {
    run_log.warning(std::string("no checkpoint can be written, the last one is kept: ") + fault.what());
    return false;
  }
}

template <int dim>
nlohmann::json Recorder<dim>::restore(FieldSet<dim> &fields, AgentPopulation<dim> &population)
{
  nlohmann::json state = checkpoints.restore(found, agents, fields, population);
  found = CheckpointFiles();
  tables.truncate_to(state.at("table rows").get<std::vector<std::uint64_t>>());
  events.truncate_to(state.at("event rows").get<std::uint64_t>());
  statistics.restore(state.at("statistics rows").get<std::vector<std::string>>());
  field_output.collection().restore(state.at("field collection").get<std::vector<TimeCollection::Entry>>());
  if (state.contains("field series")) // older checkpoints know of none
    field_output.series().restore(state.at("field series"));
  agent_output.collection().restore(state.at("agent collection").get<std::vector<TimeCollection::Entry>>());
  write_collection();
  return state;
}

template <int dim>
bool Recorder<dim>::stop_file_exists() const
{
  return dealii::Utilities::MPI::this_mpi_process(folder.communicator()) == 0 &&
         std::filesystem::exists(folder.path("stop"));
}

template <int dim>
void Recorder<dim>::tell(const Timing &timing)
{
  for (const auto &text : timing_lines(timing))
    run_log.line(text);
  folder.write("timing.json", timing_json(timing));
}

template <int dim>
void Recorder<dim>::finish(const std::string &end_state, const Timing &timing)
{
  progress.finish();
  events.flush();
  tell(timing);
  provenance.finish(end_state);
  run_log.summary();
  char cost[80];
  std::snprintf(cost, sizeof cost, "wall time %.0f s, peak memory of all ranks %.0f MB", timing.phases.whole.max,
                peak_memory(folder.communicator()));
  run_log.line(cost);
  run_log.line(end_state + "; results are in " + folder.path());
  run_log.check();
}

template class Recorder<2>;
template class Recorder<3>;
} // namespace nidus
