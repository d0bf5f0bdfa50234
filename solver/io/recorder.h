#pragma once

#include "agents/agent_event.h"
#include "agents/agent_population.h"
#include "control/time_stepper.h"
#include "fields/field_set.h"
#include "io/agent_output.h"
#include "io/checkpoint.h"
#include "io/event_log.h"
#include "io/field_output.h"
#include "io/observed_tables.h"
#include "io/output_folder.h"
#include "io/progress.h"
#include "io/provenance.h"
#include "io/rank_groups.h"
#include "io/run_log.h"
#include "io/statistics.h"
#include "io/timing.h"
#include "observables/observed.h"
#include "organ/organ.h"
#include "organ/vessel_system.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace nidus
{
/// Everything that a run writes, in one place: the composition of the rooms' records. All functions are collective.
template <int dim>
class Recorder
{
public:
  /// What a recorder must know of the run, without knowing its parameters' rooms.
  struct Run
  {
    std::string title, parameter_file, file_text, as_prm, as_json;
    std::uint64_t seed = 0;
    Verbosity verbosity = Verbosity::normal;
    bool may_change = false; ///< what acts forward, in a resumed run
    unsigned int checkpoints_kept = 2;
    std::vector<std::string> command_line;
    nlohmann::ordered_json interventions;
    unsigned int piece_files = 0; ///< 0: chosen by the number of ranks
    bool fields_as_xdmf = false;
    std::vector<StatisticsTable::Column> columns;
    bool has_colonies = false;
    std::vector<TableHead> tables;            ///< of observables
    std::vector<ObservedColumn> nodal_arrays; ///< of observables
  };

  /// Makes the folder and what stands in it from the start. Throws InputError when it cannot be written. @p agents
  /// must outlive this.
  Recorder(const std::string &output, bool resume, const Run &run, const Organ<dim> &organ,
           const FieldsParameters &fields, const AgentParameters &agents);

  RunLog &log() { return run_log; }

  /// Events of a macro step that ended at @p time (min).
  void take(const std::vector<AgentEvent> &events, double time);

  /// Fields, agents, what was observed, one row of statistics (with that of the observables), and the events so far.
  void write(const TimeStepper &time, const FieldSet<dim> &fields, const AgentPopulation<dim> &population,
             const std::vector<double> &row, const Observed &observed);

  /// The vessels, once for the run.
  void write(const VesselSystem &vessels);

  /// The progress line.
  void show(const TimeStepper &time, const std::vector<std::vector<std::uint64_t>> &agents, const SolverWork &work);

  /// False, with a warning, when it cannot be written: the older ones are as they were then.
  bool checkpoint(std::uint64_t step, nlohmann::json state, const FieldSet<dim> &fields,
                  const AgentPopulation<dim> &population);

  /// Of a resumed run, until it is restored: cells of its mesh, for Organ::become; empty: those of the parameters.
  const std::string &leaves() const { return found.leaves; }
  /// Takes the checkpoint that was found. Once.
  nlohmann::json restore(FieldSet<dim> &fields, AgentPopulation<dim> &population);

  /// Whether someone made a file "stop" in the output folder; true on rank 0 only.
  bool stop_file_exists() const;

  /// Into the log and timing.json.
  void tell(const Timing &timing);

  void finish(const std::string &end_state, const Timing &timing);

private:
  void write_collection() const;

  OutputFolder folder;
  CheckpointFiles found;            ///< of a resumed run
  std::vector<std::string> changes; ///< of parameters since then
  RunLog run_log;
  RunProvenance provenance;
  const AgentParameters &agents;
  RankGroups groups;
  FieldOutput<dim> field_output;
  AgentOutput<dim> agent_output;
  EventLog events;
  StatisticsTable statistics;
  ObservedTables tables;
  Progress progress;
  Checkpoint<dim> checkpoints;
  std::string run_name, parameters;
  unsigned int checkpoints_kept;
  bool has_vessels = false;
  bool output_written = false; ///< since the progress was last shown
};
} // namespace nidus
