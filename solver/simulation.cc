#include "simulation.h"

#include "adaptivity.h"
#include "agents/motion.h"
#include "agents/neighbourhood.h"
#include "agents/transitions.h"
#include "balance.h"
#include "control/memory.h"
#include "coupling/bolus.h"
#include "coupling/drug_effects.h"
#include "coupling/organ_and_blood.h"
#include "coupling/seeding.h"
#include "fields/field_failure.h"
#include "io/intervention_record.h"
#include "io/recorder.h"
#include "memory_forecast.h"

#include <algorithm>
#include <chrono>

namespace nidus
{
namespace
{
/// What the record of a run holds of its parameters.
template <typename Run, int dim>
Run record_of(const Parameters &parameters, const RunOptions &options, const Verbosity verbosity,
              const Observables<dim> &observables)
{
  Run run;
  run.title = parameters.run.title;
  run.parameter_file = parameters.file_name;
  run.file_text = parameters.file_text;
  run.as_prm = parameters.as_prm;
  run.as_json = parameters.as_json;
  run.seed = parameters.run.seed;
  run.verbosity = verbosity;
  run.may_change = options.may_change;
  run.checkpoints_kept = parameters.output.checkpoints_kept;
  run.command_line = options.command_line;
  run.piece_files = parameters.output.piece_files;
  run.fields_as_xdmf = parameters.output.format == "xdmf";
  run.columns = statistics_columns(parameters.fields, parameters.agents, parameters.blood);
  for (const auto &column : observables.columns())
    run.columns.push_back({column.name, column.unit});
  run.tables = observables.tables();
  run.nodal_arrays = observables.nodal_arrays();
  run.has_colonies = observables.has_colonies();
  run.interventions = record_of(parameters.interventions);
  return run;
}

using Clock = std::chrono::steady_clock;
} // namespace

template <int dim>
Simulation<dim>::Simulation(MPI_Comm communicator, const Parameters &parameters, const Verbosity verbosity,
                            const std::shared_ptr<Organ<dim>> &given_organ)
    : comm(communicator), parameters(parameters), verbosity(verbosity), time(parameters.time_settings()),
      view(comm, verbosity), set_up(comm, [this](const std::string &phase) { view.phase(phase); }),
      owned_organ(set_up.during("mesh",
                                [&] {
                                  const auto announce = [&](const double cells, const double coarse_cells) {
                                    announce_mesh<dim>(comm, parameters, cells, coarse_cells);
                                    view.expect_cells(cells);
                                  };
                                  return given_organ != nullptr
                                             ? given_organ
                                             : std::make_shared<Organ<dim>>(comm, parameters.organ, announce);
                                })),
      organ(*owned_organ),
      vessels(set_up.during("vessels", [&] { return make_vessels(organ, parameters.vessels, parameters.run.seed); })),
      meter(comm, clock, parameters.balance.steps_between_checks > 0),
      blood(parameters.blood, parameters.interventions),
      modifiers(drug_effects(parameters.interventions, parameters.agents, parameters.fields, 0.0)),
      rules{parameters.agents, modifiers, parameters.run.seed}, mechanics(parameters.agents),
      population(parameters.agents.receptor_doubles()), receptor_exchange(parameters.agents)
{
  if (vessels != nullptr)
    set_up.during("mesh", [&] { organ.refine_at(vessels->network, parameters.organ.refinement_rules); });
  forecast();
  const auto start = Clock::now();
  on_mesh = std::make_unique<MeshBound<dim>>(organ, parameters, vessels,
                                             [this](const std::string &phase) { view.phase(phase); });
  seconds_to_rebuild = seconds_since(start, comm);
  set_up.append(on_mesh->set_up);
  check_positions(on_mesh->locator, parameters.agents);
  observables = std::make_unique<Observables<dim>>(parameters.observables, on_mesh->fields, rules, on_mesh->locator,
                                                   vessels == nullptr ? nullptr : &vessels->network);
  view.end();
}

template <int dim>
Simulation<dim>::~Simulation() = default;

template <int dim>
void Simulation<dim>::forecast()
{
  const double available = available_memory(comm);
  const double resident = dealii::Utilities::MPI::sum(memory_use().resident, comm);
  const auto predicted = forecast_memory(run_size(organ, parameters.agents), parameters, resident);
  memory_warning = judge_memory(parameters, "the run", predicted.peak(), available);
  memory_forecast = predicted.text(available);
}

template <int dim>
RunEnd Simulation<dim>::run(const RunOptions &options)
{
  Recorder<dim> recorder(options.output, options.resume,
                         record_of<typename Recorder<dim>::Run>(parameters, options, verbosity, *observables), organ,
                         parameters.fields, parameters.agents);
  if (vessels != nullptr)
    recorder.write(*vessels);
  const Description description = describe();
  for (const auto &fact : description.facts)
    recorder.log().line(fact);
  for (const auto &warning : description.warnings)
    recorder.log().warning(warning);
  if (options.resume)
    clock.during(Phase::resume, [&] { resume(recorder); });
  else
    take(set_up.during("agents", [&] { return seed(); }), 0.0, recorder);
  for (const auto &phase : set_up.phases())
    clock.add("set-up", phase.name, phase.here);
  if (!options.resume)
  {
    on_mesh->bounds.observe(0.0);
    set_up.during("first output", [&] { record(recorder); });
  }
  tell_set_up(recorder);

  WallPlan plan({parameters.output.checkpoint_wall_interval, options.wall_time_limit});
  plan.begin(seconds_since(options.began, comm));
  for (bool first = true; !time.finished(); first = false)
  {
    std::vector<AgentEvent> events;
    remember();
    try
    {
      events = first ? set_up.during("first step", [&] { return advance(); }) : advance();
    }
    catch (const FieldFailure &)
    {
      save_last_good(recorder);
      throw;
    }
    tell_set_up(recorder);
    take(events, time.time(), recorder);
    if (time.output_due())
      record(recorder);
    // First by what was measured on the mesh as it is.
    if (balance_due())
      clock.during(Phase::balance, [&] { balance(recorder); });
    // Before the checkpoint, so that a run that goes on from it does as this one.
    if (adaptivity_due())
      clock.during(Phase::adaptivity, [&] { adapt(recorder); });
    recorder.show(time, count_agents(comm, parameters.agents, population), last_work);
    if (save_or_stop(plan, options, recorder) && !time.finished())
    {
      recorder.finish("stopped early", timing());
      return RunEnd::stopped;
    }
  }
  recorder.finish("done", timing());
  return RunEnd::done;
}

template <int dim>
void Simulation<dim>::tell_set_up(Recorder<dim> &recorder)
{
  for (const auto &line : set_up_lines())
    recorder.log().detail(line);
}

template <int dim>
std::vector<AgentEvent> Simulation<dim>::advance()
{
  const DecisionStep step{time.step(), time.time(), time.macro_step()};
  meter.begin_step();
  clock.during(Phase::blood, [&] {
    blood.advance(time.time(), time.macro_step(),
                  parameters.blood.metastases_feed_back() ? count_metastases(comm, parameters.agents, population)
                                                          : Blood::Metastases());
    modifiers = drug_effects(parameters.interventions, parameters.agents, parameters.fields, middle_of_step());
  });
  // Fields first: when they fail no agent has changed yet but for its receptors.
  advance_fields();

  auto events = meter.during(Phase::decisions, [&] { return let_agents_act(step); });
  const auto arrived = meter.during(Phase::arrivals, [&] { return let_cells_arrive(step); });
  events.insert(events.end(), arrived.begin(), arrived.end());
  meter.during(Phase::motion, [&] { move_agents_about(); });

  return clock.during(Phase::accounts, [&] {
    account.add(comm, events);
    account.check(comm, population.size());
    time.advance();
    on_mesh->bounds.observe(time.time());
    return std::move(events);
  });
}

template <int dim>
std::vector<AgentEvent> Simulation<dim>::let_agents_act(const DecisionStep &step)
{
  on_mesh->sampling.fields_changed(blood.levels());
  // Without signals that notice others nobody need be found.
  const double reach = parameters.agents.signal_reach();
  const std::vector<char> noticed(parameters.agents.types.size(), reach > 0.0);
  const Halo<dim> halo = on_mesh->migration.exchange_halo(population, reach, noticed);
  std::vector<Decision> decisions;
  {
    const Neighbourhood<dim> neighbourhood(population, halo, std::max(reach, 1.0), noticed);
    decisions = decide(rules, mechanics, neighbourhood, on_mesh->sampling, step);
  }
  auto outcomes = apply(rules, decisions, step, population);
  on_mesh->migration.relocate(outcomes.displacement, WallRule::stay, population);
  return std::move(outcomes.events);
}

template <int dim>
std::vector<AgentEvent> Simulation<dim>::let_cells_arrive(const DecisionStep &step)
{
  const auto arrest = arrest_effects(parameters.interventions, parameters.blood, middle_of_step());
  const auto in_all = [this](const std::vector<double> &here) {
    std::vector<double> sums(here.size());
    dealii::Utilities::MPI::sum(here, comm, sums);
    return sums;
  };
  auto arrived = on_mesh->arrivals.arrive(rules, blood.circulating(), step, population, arrest);
  blood.take(in_all(arrived.arrested));
  for (const auto &bolus : boluses_in(parameters.interventions, parameters.blood, step.number, step.length))
  {
    const auto injected = on_mesh->arrivals.inject(rules, bolus, step, population, arrest);
    blood.inject(bolus.population, static_cast<double>(bolus.number) - in_all(injected.arrested)[bolus.population]);
    arrived += injected;
  }
  interval.add_arrests(in_all(arrived.agents));
  if (on_mesh->arrivals.any_clusters())
    on_mesh->migration.relocate(arrived.apart, WallRule::stay, population);
  return std::move(arrived.events);
}

template <int dim>
void Simulation<dim>::move_agents_about()
{
  for (unsigned int substep = 0; substep < time.motion_substeps(); ++substep)
    move_agents(rules, mechanics, on_mesh->migration, on_mesh->sampling, time.motion_step_number(substep),
                time.motion_step(), population);
}

template <int dim>
void Simulation<dim>::advance_fields()
{
  last_work = SolverWork();
  if (!parameters.interventions.list.empty())
    on_mesh->field_solver.modify(field_effects(parameters.interventions, parameters.fields, middle_of_step()));
  const std::size_t n_factors = parameters.blood.factors.size();
  if (blood.feels_organ())
    blood.meet(exchange_with_blood(on_mesh->fields, n_factors), time.macro_step());
  std::vector<double> gained(n_factors, 0.0);
  // What agents deposit at a node is added in the order of mesh cells and keys, on any number of ranks.
  meter.during(Phase::deposition, [&] { population.sort(); });
  before.receptors = population.receptor_numbers();
  for (unsigned int substep = 0; substep < time.field_substeps(); ++substep)
  {
    meter.during(Phase::deposition, [&] {
      on_mesh->sampling.fields_changed(blood.levels());
      if (receptor_exchange.any())
      {
        Surroundings<dim> surroundings;
        on_mesh->sampling.look(population, 0, population.size(), Question::what_is_here, surroundings);
        receptor_exchange.prepare(rules, surroundings, time.field_step(), population);
      }
      on_mesh->deposition.deposit(population, rules, receptor_exchange, on_mesh->sources);
    });
    const auto report = meter.during(Phase::fields, [&] {
      return on_mesh->field_solver.advance(time.field_step(), blood.levels(), on_mesh->sources,
                                           time.time() + substep * time.field_step());
    });
    if (receptor_exchange.any())
      meter.during(Phase::deposition, [&] {
        std::vector<double> mean;
        on_mesh->sampling.sample_values(on_mesh->field_solver.mean(), population, mean);
        receptor_exchange.finish(rules, mean, on_mesh->fields.n_fields(), time.field_step(), population);
      });
    interval.add(report.budget);
    const auto of_step = gained_from_blood(parameters.fields, report.budget, n_factors);
    std::transform(gained.begin(), gained.end(), of_step.begin(), gained.begin(), std::plus<>());
    interval.linear_iterations += report.linear_iterations;
    interval.newton_iterations += report.newton_iterations;
    interval.field_steps += report.steps;
    interval.retried += report.retried;
    interval.inaccurate += report.inaccurate;
    last_work.field_steps += report.steps;
    last_work.newton_iterations += report.newton_iterations;
    last_work.linear_iterations += report.linear_iterations;
    last_work.retried += report.retried;
  }
  blood.settle(gained);
}

template <int dim>
std::vector<AgentEvent> Simulation<dim>::seed()
{
  auto events = seed_agents(organ, on_mesh->locator, rules, {0, 0.0, time.macro_step()}, population);
  on_mesh->migration.settle(population);
  account.add(comm, events);
  return events;
}

template <int dim>
void Simulation<dim>::take(const std::vector<AgentEvent> &events, const double at, Recorder<dim> &recorder)
{
  clock.during(Phase::accounts, [&] { recorder.take(events, at); });
  clock.during(Phase::observables, [&] { observables->take(events, at); });
}

template <int dim>
std::vector<double> Simulation<dim>::next_row(Observed &observed)
{
  const auto levels = blood.levels();
  observed = clock.during(Phase::observables, [&] {
    return observables->look({time.step(), time.time(), on_mesh->fields, on_mesh->locator, on_mesh->cell_nodes,
                              on_mesh->sampling, on_mesh->migration, levels, population});
  });
  auto row = statistics_row(time.time(), on_mesh->fields, interval, count_agents(comm, parameters.agents, population),
                            account, blood);
  row.insert(row.end(), observed.row.begin(), observed.row.end());
  interval = Interval();
  return row;
}

template <int dim>
void Simulation<dim>::record(Recorder<dim> &recorder)
{
  Observed observed;
  const auto row = next_row(observed);
  clock.during(Phase::output, [&] { recorder.write(time, on_mesh->fields, population, row, observed); });
  for (const auto &report : on_mesh->bounds.take())
    recorder.log().warning(report);
}

template <int dim>
bool Simulation<dim>::balance_due() const
{
  const auto interval = parameters.balance.steps_between_checks;
  // One rank has nothing to share.
  const bool looks = parameters.balance.always() || dealii::Utilities::MPI::n_mpi_processes(comm) > 1;
  return looks && interval > 0 && time.step() % interval == 0 && !time.finished();
}

template <int dim>
void Simulation<dim>::balance(Recorder<dim> &recorder)
{
  const auto agents = agents_in_cells(organ, on_mesh->locator, population);
  const auto costs =
      unit_costs(organ, agents, meter.seconds_per_step(Work::fields), meter.seconds_per_step(Work::agents));
  const auto plan = plan_repartition(organ, agents, costs);
  const auto ahead = std::min(parameters.balance.steps_between_checks, time.n_steps() - time.step());
  const Verdict verdict = judge(parameters.balance, plan, static_cast<double>(ahead), seconds_to_rebuild);
  recorder.log().line(verdict.reason);
  meter.reset();
  if (verdict.repartition)
    change_mesh([&] { organ.repartition(plan.weights); }, recorder);
}

template <int dim>
bool Simulation<dim>::adaptivity_due() const
{
  const auto interval = parameters.adaptivity.steps_between;
  // At the end only for a run that goes on from there.
  return interval > 0 && time.step() % interval == 0 && (!time.finished() || time.checkpoint_due());
}

template <int dim>
void Simulation<dim>::adapt(Recorder<dim> &recorder)
{
  const auto plan = plan_refinement(parameters.adaptivity, organ, on_mesh->fields, on_mesh->locator, population);
  if (!plan.room)
    recorder.log().warning("no cell is refined, though " + std::to_string(plan.refined) +
                           " should be: the mesh would have more than 'Adaptivity/Most cells'");
  if (!plan.any())
    return;
  typename Organ<dim>::Adaptation cells;
  change_mesh([&] { cells = organ.adapt(); }, recorder);
  recorder.log().line("mesh: " + std::to_string(cells.before) + " to " + std::to_string(cells.after) + " cells (" +
                      std::to_string(cells.refined) + " refined, " + std::to_string(cells.coarsened) +
                      " gone up in their parents)");
  // Times of the old mesh say nothing about the new one.
  meter.reset();
}

template <int dim>
void Simulation<dim>::change_mesh(const std::function<void()> &change, Recorder<dim> &recorder)
{
  for (const auto &report : on_mesh->bounds.take())
    recorder.log().warning(report);
  const auto start = Clock::now();
  on_mesh = MeshBound<dim>::after(change, organ, parameters, std::move(on_mesh), population);
  seconds_to_rebuild = seconds_since(start, comm);
}

template <int dim>
Timing Simulation<dim>::timing()
{
  namespace MPI = dealii::Utilities::MPI;
  const auto cells = static_cast<double>(organ.triangulation().n_locally_owned_active_cells());
  return {clock.table(comm),
          {{"mesh cells", MPI::min_max_avg(cells, comm)},
           {"agents", MPI::min_max_avg(static_cast<double>(population.size()), comm)}}};
}

template class Simulation<2>;
template class Simulation<3>;
} // namespace nidus
