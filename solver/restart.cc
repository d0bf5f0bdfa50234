#include "control/input_error.h"
#include "control/shared_fault.h"
#include "io/recorder.h"
#include "organ/mesh_leaves.h"
#include "simulation.h"

#include <array>

/// What a run leaves behind so that it can go on from there, and how it does.
namespace nidus
{
template <int dim>
bool Simulation<dim>::save_or_stop(WallPlan &plan, const RunOptions &options, Recorder<dim> &recorder)
{
  const bool file = recorder.stop_file_exists();
  const auto wishes = StopRequest::asked(comm, file);
  if (file && !time.finished())
    recorder.log().line("stopping because of the file " + options.output + "/stop; remove it before the run goes on");
  if (wishes.timing)
    recorder.tell(timing());
  const auto due = plan.after_step(seconds_since(options.began, comm));
  if (due == WallPlan::Due::stop && !time.finished())
  {
    recorder.log().line("stopping before " + plan.limit_text());
    // Also what comes after this run, such as other replicates.
    StopRequest::stop();
  }
  const bool stopping = wishes.stop || due == WallPlan::Due::stop;
  if (stopping || wishes.checkpoint || due == WallPlan::Due::checkpoint || time.checkpoint_due())
  {
    const auto start = std::chrono::steady_clock::now();
    const bool written = write_checkpoint(recorder);
    plan.checkpoint_done(seconds_since(start, comm), seconds_since(options.began, comm));
    if (stopping && !written && !time.finished())
      throw SharedFault("it was to stop, but its last checkpoint could not be written (see the warning above)");
  }
  return stopping;
}

template <int dim>
bool Simulation<dim>::write_checkpoint(Recorder<dim> &recorder)
{
  nlohmann::json state;
  state["step"] = time.step();
  state["blood"] = blood.state();
  state["account"] = {account.seeded, account.arrived, account.born, account.died, account.departed};
  state["interval"] = to_json(interval);
  state["observables"] = observables->state();
  state["next field step"] = on_mesh->field_solver.next_step();
  return clock.during(Phase::checkpoint,
                      [&] { return recorder.checkpoint(time.step(), state, on_mesh->fields, population); });
}

template <int dim>
void Simulation<dim>::remember()
{
  on_mesh->field_solver.remember();
  before.next_field_step = on_mesh->field_solver.next_step();
  before.blood = blood.state();
  before.interval = interval;
}

template <int dim>
void Simulation<dim>::go_back()
{
  on_mesh->field_solver.go_back();
  on_mesh->field_solver.resume_with(before.next_field_step);
  blood.restore(before.blood);
  interval = before.interval;
  population.set_receptor_numbers(before.receptors);
}

template <int dim>
void Simulation<dim>::save_last_good(Recorder<dim> &recorder)
{
  go_back();
  // First the checkpoint: a run that goes on from it forgets the output that is not on schedule.
  write_checkpoint(recorder);
  if (!time.output_due())
    record(recorder);
  recorder.finish("failed", timing());
}

template <int dim>
void Simulation<dim>::resume(Recorder<dim> &recorder)
{
  if (!recorder.leaves().empty())
  {
    on_mesh.reset();
    organ.become(MeshLeaves(recorder.leaves()));
    on_mesh = std::make_unique<MeshBound<dim>>(organ, parameters, vessels);
  }
  try
  {
    const nlohmann::json state = recorder.restore(on_mesh->fields, population);
    time.resume_at(state.at("step").get<std::uint64_t>());
    blood.restore(state.at("blood").get<std::vector<double>>());
    const auto numbers = state.at("account").get<std::array<std::uint64_t, 5>>();
    account = {numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]};
    interval = interval_from_json(state.at("interval"));
    const auto fits = [](const std::size_t stored, const std::size_t here) { return stored == 0 || stored == here; };
    if (!fits(interval.budget.size(), on_mesh->fields.n_fields()) ||
        !fits(interval.arrested.size(), blood.circulating().size()))
      throw InputError("the accounts in the checkpoint are of other fields or cells than this run",
                       "resume with the parameters that it was written with");
    observables->restore(state.at("observables"));
    on_mesh->field_solver.resume_with(state.at("next field step").get<double>());
  }
  // All ranks have read the same.
  catch (const nlohmann::json::exception &fault)
  {
    throw InputError(std::string("the state in the checkpoint is not as this program writes it: ") + fault.what(),
                     "resume with the version that wrote it");
  }
  try
  {
    on_mesh->migration.settle(population);
    account.check(comm, population.size());
  }
  // Both throw alike on all ranks.
  catch (const std::runtime_error &fault)
  {
    throw InputError(std::string("the agents in the checkpoint are not those of this run: ") + fault.what(),
                     "remove the newest checkpoint, and the one before it is taken");
  }
}

template bool Simulation<2>::save_or_stop(WallPlan &, const RunOptions &, Recorder<2> &);
template bool Simulation<3>::save_or_stop(WallPlan &, const RunOptions &, Recorder<3> &);
template void Simulation<2>::remember();
template void Simulation<3>::remember();
template void Simulation<2>::save_last_good(Recorder<2> &);
template void Simulation<3>::save_last_good(Recorder<3> &);
template void Simulation<2>::resume(Recorder<2> &);
template void Simulation<3>::resume(Recorder<3> &);
} // namespace nidus
