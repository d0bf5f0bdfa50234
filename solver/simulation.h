#pragma once

#include "agents/agent_account.h"
#include "agents/agent_modifiers.h"
#include "agents/agent_population.h"
#include "agents/agent_rules.h"
#include "agents/mechanics.h"
#include "control/phase_clock.h"
#include "control/stop_request.h"
#include "control/time_stepper.h"
#include "control/verbosity.h"
#include "control/wall_plan.h"
#include "coupling/receptor_exchange.h"
#include "io/progress.h"
#include "io/run_statistics.h"
#include "io/timing.h"
#include "load_meter.h"
#include "mesh_bound.h"
#include "observables/observables.h"
#include "organ/organ.h"
#include "parameters.h"
#include "setup_meter.h"
#include "setup_view.h"
#include "systemic/blood.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nidus
{
template <int dim>
class Recorder;

/// How a run ended.
enum class RunEnd
{
  done,
  stopped ///< early, with a checkpoint
};

struct RunOptions
{
  std::string output;
  bool resume = false;
  bool may_change = false;      ///< parameters that act forward may differ from those of the checkpoint
  double wall_time_limit = 0.0; ///< s since the program began; 0: none
  WallPlan::Clock::time_point began = WallPlan::Clock::now();
  std::vector<std::string> command_line;
};

/// Lines for a reader.
struct Description
{
  std::vector<std::string> facts, warnings;
};

/**
 * One organ, its fields, its agents and the blood, advanced together: the composition of all rooms.
 *
 * All functions are collective.
 */
template <int dim>
class Simulation
{
public:
  /// Builds the mesh and everything on it. Throws InputError; nothing is written.
  /// @p organ : that of an earlier simulation on the same ranks with the same organ in its parameters, neither refined
  /// at vessels nor adapted; null: it is built.
  Simulation(MPI_Comm communicator, const Parameters &parameters, Verbosity verbosity = Verbosity::normal,
             const std::shared_ptr<Organ<dim>> &organ = nullptr);
  ~Simulation();

  /// Runs to the end or until a stop is requested, and writes the output folder. Throws FieldFailure when the fields
  /// cannot be advanced, after a checkpoint and an output of the last state before.
  RunEnd run(const RunOptions &options);

  /// What a run would have written at an output: the row of statistics.csv, on all ranks, and the new rows of the
  /// tables of observables, on rank 0.
  using LookAt = std::function<void(const std::vector<double> &row, const std::vector<std::vector<TableRow>> &tables)>;

  /// Runs to the end and writes nothing; @p look sees each output. False when it was asked to stop. For files without
  /// adaptivity; the mesh is not shared out anew. Throws FieldFailure.
  bool measure(const LookAt &look);

  /// The columns of these rows.
  std::vector<std::string> columns() const;
  /// The tables.
  const std::vector<TableHead> &tables() const { return observables->tables(); }

  /// For another simulation.
  const std::shared_ptr<Organ<dim>> &shared_organ() const { return owned_organ; }

  /// What a user wants to know before starting: sizes, screening lengths against the mesh.
  Description describe() const;

  /// Time and memory, from a few trial steps, which leave the simulation in a state that is of no use.
  std::vector<std::string> estimate_cost();

private:
  /// One macro step; returns what happened to agents.
  std::vector<AgentEvent> advance();
  double middle_of_step() const { return time.time() + 0.5 * time.macro_step(); }
  std::vector<AgentEvent> seed();
  std::vector<AgentEvent> let_agents_act(const DecisionStep &step);
  std::vector<AgentEvent> let_cells_arrive(const DecisionStep &step);
  void move_agents_about();
  void advance_fields();

  /// Shares out the mesh anew when it is time to look and the time that this saves is worth it.
  void balance(Recorder<dim> &recorder);
  bool balance_due() const;

  /// Refines and coarsens the mesh by what fields and agents do.
  void adapt(Recorder<dim> &recorder);
  bool adaptivity_due() const;

  /// Lets @p change change the mesh, and builds anew what stands on it.
  void change_mesh(const std::function<void()> &change, Recorder<dim> &recorder);

  /// Predicts the memory of the run from its mesh. Throws InputError when that is more than there is.
  void forecast();

  /// One line for each phase of the set-up that has no line yet.
  std::vector<std::string> set_up_lines();
  void tell_set_up(Recorder<dim> &recorder);

  /// Where the time went so far.
  Timing timing();

  void remember();
  void go_back();
  void save_last_good(Recorder<dim> &recorder);
  void resume(Recorder<dim> &recorder);
  /// False if it cannot be written; the run may go on.
  bool write_checkpoint(Recorder<dim> &recorder);
  /// Checkpoints that are due, and whether the run is to stop. Throws SharedFault when the last one cannot be written.
  bool save_or_stop(WallPlan &plan, const RunOptions &options, Recorder<dim> &recorder);
  /// Events of a macro step that ended @p at, for the log and for the observables.
  void take(const std::vector<AgentEvent> &events, double at, Recorder<dim> &recorder);
  void record(Recorder<dim> &recorder);
  /// A row of the statistics (what rank 0 has counts), with what observables have found; the next interval begins.
  std::vector<double> next_row(Observed &observed);

  MPI_Comm comm;
  const Parameters &parameters;
  Verbosity verbosity;
  TimeStepper time;

  SetupView view;
  PhaseClock clock;
  SetupMeter set_up;
  std::size_t phases_told = 0; ///< of the set-up
  std::string memory_forecast, memory_warning;
  std::shared_ptr<Organ<dim>> owned_organ;
  Organ<dim> &organ;
  std::shared_ptr<const VesselSystem> vessels; ///< null: all are homogenised
  std::unique_ptr<MeshBound<dim>> on_mesh;
  LoadMeter meter;
  double seconds_to_rebuild = 0.0; ///< what stands on the mesh, the last time
  Blood blood;

  AgentModifiers modifiers;
  AgentRules rules;
  Mechanics mechanics;
  AgentPopulation<dim> population;
  AgentAccount account;

  ReceptorExchange<dim> receptor_exchange;
  std::unique_ptr<Observables<dim>> observables;

  Interval interval;    ///< since the last row of the statistics
  SolverWork last_work; ///< of the last macro step

  /// What a macro step changes before its fields may fail; the fields are remembered by their solver.
  struct Before
  {
    double next_field_step = 0.0;
    std::vector<double> blood;
    std::vector<double> receptors; ///< of all agents; empty unless some receptor is full
    Interval interval;
  };
  Before before;
};
} // namespace nidus
