#include "agent_speed.h"

#include "agents/motility.h"
#include "agents/motion.h"
#include "agents/transitions.h"
#include "timing.h"

#include <deal.II/fe/mapping_q1.h>
#include <deal.II/particles/particle_handler.h>

namespace nidus::benchmark
{
namespace
{
constexpr double macro_step = 6.0; // min

/// Adds the time of each part to @p speed. The fields count as new in each step.
void step_once(AgentProblem &problem, const std::uint64_t number, AgentSpeed &speed)
{
  const DecisionStep step{number, static_cast<double>(number) * macro_step, macro_step};
  auto &population = problem.population;
  problem.sampling.fields_changed({});
  double last = now();
  const auto lap = [&last](double &sum) {
    const double time = now();
    sum += time - last;
    last = time;
  };
  std::vector<Decision> decisions;
  {
    const Halo<3> halo;
    const Neighbourhood<3> neighbourhood(population, halo, 1.0, {0});
    decisions = decide<3>(problem.rules, problem.mechanics, neighbourhood, problem.sampling, step);
  }
  const auto outcomes = apply(problem.rules, decisions, step, population);
  problem.migration.relocate(outcomes.displacement, WallRule::stay, population);
  lap(speed.transitions);
  const auto displacement = active_displacements<3>(problem.rules, problem.sampling, number, macro_step, population);
  lap(speed.motility);
  problem.migration.relocate(displacement, WallRule::reverse_velocity, population);
  lap(speed.relocation);
  population.sort();
  lap(speed.sorting);
  problem.deposition.deposit(population, problem.rules, problem.receptor_exchange, problem.sources);
  lap(speed.deposition);
  // In a step of a run this is a part of the motility.
  Surroundings<3> surroundings;
  problem.sampling.fields_changed({});
  last = now();
  for (std::size_t begin = 0; begin < population.size(); begin += 512)
    problem.sampling.look(population, begin, std::min<std::size_t>(begin + 512, population.size()),
                          Question::where_to_go, surroundings);
  lap(speed.sampling);
}
} // namespace

AgentSpeed measure_steps(AgentProblem &problem, const unsigned int repeats)
{
  AgentSpeed sum;
  AgentSpeed warm;
  step_once(problem, 0, warm);
  for (unsigned int i = 1; i <= repeats; ++i)
    step_once(problem, i, sum);
  for (double *part : {&sum.sampling, &sum.motility, &sum.relocation, &sum.transitions, &sum.deposition, &sum.sorting})
    *part /= repeats;
  sum.full_step = sum.transitions + sum.motility + sum.relocation + sum.sorting + sum.deposition;
  return sum;
}

double measure_mechanics(AgentProblem &problem, const unsigned int repeats)
{
  return median_seconds(repeats, [&problem] {
    push_agents(problem.rules, problem.mechanics, problem.migration, 0.1, problem.population);
  });
}

namespace
{
/// Half of the agents go along x by @p length, the others back; next time the other way round.
std::vector<dealii::Tensor<1, 3>> swaying(const AgentProblem &problem, const double length)
{
  std::vector<dealii::Tensor<1, 3>> displacement(problem.population.size());
  for (std::size_t i = 0; i < displacement.size(); ++i)
    displacement[i][0] = problem.population.key[i] % 2 == 0 ? length : -length;
  return displacement;
}
} // namespace

double measure_relocation(AgentProblem &problem, const unsigned int repeats)
{
  double length = 0.01 * problem.choice.cell_size;
  return median_seconds(repeats, [&] {
    problem.migration.relocate(swaying(problem, length), WallRule::stay, problem.population);
    length = -length;
  });
}

HandOver measure_hand_over(AgentProblem &problem, const unsigned int repeats)
{
  HandOver result;
  const double edge = problem.choice.cells * problem.choice.cell_size;
  result.seconds = median_seconds(repeats, [&] {
    std::vector<dealii::Tensor<1, 3>> displacement(problem.population.size());
    for (std::size_t i = 0; i < displacement.size(); ++i)
      if (problem.population.key[i] % 2 == 0)
        for (unsigned int d = 0; d < 3; ++d)
          displacement[i][d] = edge - 2.0 * problem.population.position[i][d];
    const auto tally = problem.migration.relocate(displacement, WallRule::stay, problem.population);
    result.moved = dealii::Utilities::MPI::sum(tally.handed_over, MPI_COMM_WORLD);
  });
  return result;
}

double measure_particle_handler(AgentProblem &problem, const unsigned int repeats)
{
  const dealii::MappingQ1<3> mapping;
  dealii::Particles::ParticleHandler<3> particles(problem.organ.triangulation(), mapping);
  std::multimap<dealii::Triangulation<3>::active_cell_iterator, dealii::Particles::Particle<3>> list;
  for (std::size_t i = 0; i < problem.population.size(); ++i)
    list.emplace(
        problem.locator.cell(problem.population.cell[i]),
        dealii::Particles::Particle<3>(problem.population.position[i], problem.population.reference_position[i], i));
  particles.insert_particles(list);
  list.clear();
  double direction = 1.0;
  return median_seconds(repeats, [&] {
    for (auto &particle : particles)
    {
      auto place = particle.get_location();
      place[0] += direction * 0.01 * problem.choice.cell_size * (particle.get_id() % 2 == 0 ? 1.0 : -1.0);
      particle.set_location(place);
    }
    direction = -direction;
    particles.sort_particles_into_subdomains_and_cells();
  });
}
} // namespace nidus::benchmark
