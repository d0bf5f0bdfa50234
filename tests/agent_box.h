#pragma once

#include "agent_world.h"
#include "field_world.h"

#include "agents/agent_migration.h"
#include "agents/mechanics.h"
#include "agents/motion.h"
#include "control/random.h"
#include "organ/cell_locator.h"

#include <functional>

/// Agents between walls, for tests in which they live in tissue.
namespace nidus::test
{
/// One field that is a function of place, at the agents.
template <int dim>
class Landscape : public Senses<dim>
{
public:
  using Value = std::function<double(const dealii::Point<dim> &)>;
  using Gradient = std::function<dealii::Tensor<1, dim>(const dealii::Point<dim> &)>;

  Landscape(Value value, Gradient gradient) : value(std::move(value)), gradient(std::move(gradient)) {}

  /// A field that is the same everywhere.
  static Landscape flat()
  {
    return {[](const auto &) { return 0.0; }, [](const auto &) { return Slope(); }};
  }

  void look(const AgentPopulation<dim> &population, const std::size_t begin, const std::size_t end, Question,
            Surroundings<dim> &surroundings) const override
  {
    surroundings.n_fields = 1;
    surroundings.first = begin;
    surroundings.value.clear();
    surroundings.gradient.clear();
    for (std::size_t i = begin; i < end; ++i)
    {
      surroundings.value.push_back(value(population.position[i]));
      surroundings.gradient.push_back(gradient(population.position[i]));
    }
  }

private:
  using Slope = dealii::Tensor<1, dim>;
  const Value value;
  const Gradient gradient;
};

/// A walker that follows the field "ligand" through one receptor, without forces.
inline AgentTypeParameters climber(const double speed, const double persistence_time, const double sensitivity,
                                   const double dissociation_constant)
{
  auto type = walker("csc", speed, persistence_time);
  type.radius = 7.5;
  type.repulsion = 0.0;
  type.maximum_drift = 1e3;
  type.receptors.resize(1);
  type.receptors[0].name = "cxcr4";
  type.receptors[0].ligands = {{"ligand", 1.0}};
  type.receptors[0].dissociation_constant = dissociation_constant;
  type.receptors[0].sensitivity = sensitivity;
  return type;
}

/// The agents of a test in an organ, on all ranks.
template <int dim>
struct AgentBox
{
  /// @p organ is referred to.
  AgentBox(const Organ<dim> &organ, AgentParameters agents, const std::vector<std::string> &fields = {"ligand"})
      : parameters(resolved(std::move(agents), fields)), rules{parameters, modifiers, 4711}, mechanics(parameters),
        locator(organ), migration(locator)
  {
  }

  static AgentParameters resolved(AgentParameters agents, const std::vector<std::string> &fields)
  {
    agents.resolve({fields, {}, {"parenchyma"}});
    return agents;
  }

  /// Uniform in [lower, upper], in type 0 and state 0. Collective.
  void fill(const std::size_t n, const dealii::Point<dim> &lower, const dealii::Point<dim> &upper)
  {
    const auto &comm = locator.communicator();
    const std::size_t n_ranks = dealii::Utilities::MPI::n_mpi_processes(comm);
    for (std::size_t i = dealii::Utilities::MPI::this_mpi_process(comm); i < n; i += n_ranks)
    {
      const auto u = random::uniform({rules.seed, i, 0, random::Purpose::seeding_position});
      dealii::Point<dim> place;
      for (unsigned int d = 0; d < dim; ++d)
        place[d] = lower[d] + (upper[d] - lower[d]) * u[d];
      population.append(lineage::founder<dim>(rules, lineage::seeded_key(rules.seed, 1, 0, i), 0, 0, place,
                                              DecisionStep{0, 0.0, 1.0}));
    }
    migration.settle(population);
  }

  /// One motion step.
  MotionTally move(const Senses<dim> &senses, const double length)
  {
    return move_agents(rules, mechanics, migration, senses, motion_step++, length, population);
  }

  /// One macro step of deciding and applying.
  std::vector<AgentEvent> react(const Senses<dim> &senses, const double length)
  {
    const DecisionStep step{macro_step, static_cast<double>(macro_step) * length, length};
    ++macro_step;
    const double reach = parameters.signal_reach();
    const std::vector<char> noticed(parameters.types.size(), reach > 0.0);
    const auto halo = migration.exchange_halo(population, reach, noticed);
    std::vector<Decision> decisions;
    {
      const Neighbourhood<dim> neighbourhood(population, halo, std::max(reach, 1.0), noticed);
      decisions = decide<dim>(rules, mechanics, neighbourhood, senses, step);
    }
    auto outcomes = apply(rules, decisions, step, population);
    migration.relocate(outcomes.displacement, WallRule::stay, population);
    return std::move(outcomes.events);
  }

  /// First coordinates of the agents of this rank, in ascending order, um.
  std::vector<double> along_first_axis() const
  {
    std::vector<double> x;
    for (const auto &place : population.position)
      x.push_back(place[0]);
    std::sort(x.begin(), x.end());
    return x;
  }

  const AgentParameters parameters;
  const AgentModifiers modifiers;
  const AgentRules rules;
  const Mechanics mechanics;
  const CellLocator<dim> locator;
  const AgentMigration<dim> migration;
  AgentPopulation<dim> population;
  std::uint64_t motion_step = 0, macro_step = 0;
};
} // namespace nidus::test
