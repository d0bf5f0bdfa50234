// B7c: full receptor kinetics against their closed forms, and B14 with ligand on receptors.

#include "../agent_world.h"
#include "../field_world.h"
#include "measured.h"

#include "agents/receptor_kinetics.h"
#include "control/random.h"
#include "coupling/deposition.h"
#include "coupling/sampling.h"

#include <catch2/catch.hpp>

using namespace nidus;

namespace
{
/// CXCR4 by the table of the model; fast binding, slow trafficking.
ReceptorParameters full_receptor()
{
  ReceptorParameters receptor;
  receptor.name = "cxcr4";
  receptor.ligands = {{"sdf1", 1.0}};
  receptor.kinetics = "full";
  receptor.internalisation_rate = 0.198;
  receptor.constitutive_rate = 0.05;
  receptor.consumed_ligand = "sdf1";
  return receptor;
}

test::AgentWorld<3> world_with(const ReceptorParameters &receptor)
{
  test::AgentWorld<3> world;
  auto type = test::walker("csc", 0.2, 15.0);
  type.receptors = {receptor};
  world.parameters.types = {type};
  world.outside.fields = {"sdf1"};
  world.parameters.resolve(world.outside);
  return world;
}

ReceptorNumbers numbers(const double free, const double bound, const double inside)
{
  ReceptorNumbers result;
  result.free = free;
  result.bound = bound;
  result.inside = inside;
  return result;
}

/// Greatest difference of two sets over the greatest number of the second.
double difference(const ReceptorNumbers &a, const ReceptorNumbers &b)
{
  return std::max({std::abs(a.free - b.free), std::abs(a.bound - b.bound), std::abs(a.inside - b.inside)}) /
         std::max({b.free, b.bound, b.inside});
}
} // namespace

TEST_CASE("B7c: the steady state of full receptors is the closed form", "[agents][B7c]")
{
  constexpr double total = 25000.0, k_on = 5.04, k_off = 22.0, k_e = 0.198, k_t = 0.05, k_rec = 0.04;
  const auto world = world_with(full_receptor());
  const auto rates = receptor_rates(world.rules(), 0, 0, 7);
  double worst = 0.0;
  for (const double c : {0.0, 0.01, 1.0, 4.4, 100.0})
  {
    const double K = (k_off + k_e) / k_on;
    const double R = total / (1.0 + c / K + (k_e * c / K + k_t) / k_rec), C = c * R / K,
                 I = (k_e * C + k_t * R) / k_rec;
    for (const double step : {1.0, 30.0, 1000.0})
    {
      auto now = numbers(0.2 * total, 0.5 * total, 0.3 * total);
      for (double t = 0.0; t < 4000.0; t += step)
        now = receptor_step(rates, now, c, step).numbers;
      INFO("c " << c << ", step " << step);
      worst = std::max(worst, difference(now, numbers(R, C, I)));
      CHECK(difference(now, numbers(R, C, I)) < 1e-8);
    }
    CHECK(difference(steady_receptors(rates, c), numbers(R, C, I)) < 1e-12);
    // What is internalised in the steady state is taken from outside.
    const auto step = receptor_step(rates, numbers(R, C, I), c, 30.0);
    CHECK(step.taken == Approx(30.0 * k_e * C).epsilon(1e-8).margin(1e-8));
  }
  test::measured("B7c", "steady state, greatest relative difference from the closed form", worst, "< 1e-8");
}

TEST_CASE("B7c: with synthesis and degradation as well", "[agents][B7c]")
{
  auto receptor = full_receptor();
  receptor.synthesis_rate = 80.0;
  receptor.degradation_rate = 0.01;
  auto world = world_with(receptor);
  world.modifiers.number_factor = {{0.25}}; // a knock-down stops three quarters of the synthesis
  world.modifiers.dissociation_factor = {{3.0}};
  const auto rates = receptor_rates(world.rules(), 0, 0, 7);
  constexpr double c = 2.0, K = 3.0 * (22.0 + 0.198) / 5.04;
  CHECK(rates.dissociation_constant() == Approx(K).epsilon(1e-14));
  // d(R + C + I)/dt = 0 gives I, dI/dt = 0 gives R.
  const double I = 20.0 / 0.01, R = I * (0.04 + 0.01) / (0.198 * c / K + 0.05), C = c * R / K;
  auto now = numbers(1e4, 0.0, 1e4);
  for (unsigned int step = 0; step < 200; ++step)
    now = receptor_step(rates, now, c, 100.0).numbers;
  CHECK(difference(now, numbers(R, C, I)) < 1e-8);
  CHECK(difference(steady_receptors(rates, c), numbers(R, C, I)) < 1e-12);
}

TEST_CASE("B7c: a step of any length is exact at constant concentration", "[agents][B7c]")
{
  auto receptor = full_receptor();
  receptor.internalisation_rate = receptor.constitutive_rate = 0.0;
  const auto binding = receptor_rates(world_with(receptor).rules(), 0, 0, 7);
  const double c = 3.0, rate = 5.04 * c + 22.0;
  for (const double t : {0.01, 0.1, 1.0, 60.0})
  {
    const auto step = receptor_step(binding, numbers(25000.0, 0.0, 0.0), c, t);
    const double expected = 25000.0 * 5.04 * c / rate * -std::expm1(-rate * t);
    CHECK(step.numbers.bound == Approx(expected).epsilon(1e-11));
    CHECK(step.taken == Approx(expected).epsilon(1e-11));
    CHECK(step.internalised == 0.0);
  }

  const auto rates = receptor_rates(world_with(full_receptor()).rules(), 0, 0, 7);
  const auto start = numbers(20000.0, 1000.0, 4000.0);
  auto parts = start;
  double taken = 0.0, internalised = 0.0;
  for (unsigned int k = 0; k < 300; ++k)
  {
    const auto step = receptor_step(rates, parts, c, 0.1);
    parts = step.numbers;
    taken += step.taken;
    internalised += step.internalised;
  }
  const auto whole = receptor_step(rates, start, c, 30.0);
  CHECK(difference(parts, whole.numbers) < 1e-10);
  CHECK(whole.taken == Approx(taken).epsilon(1e-9));
  CHECK(whole.internalised == Approx(internalised).epsilon(1e-9));
  CHECK(whole.numbers.free + whole.numbers.bound + whole.numbers.inside == Approx(25000.0).epsilon(1e-14));
}

TEST_CASE("B7c: receptors take just what they are given, and keep the account of what they cannot", "[agents][B7c]")
{
  const auto rates = receptor_rates(world_with(full_receptor()).rules(), 0, 0, 7);
  const auto start = numbers(20000.0, 1000.0, 4000.0);
  for (const double guess : {0.0, 0.3, 500.0})
    for (const double c : {0.0, 0.1, 3.0, 80.0})
    {
      const auto expected = receptor_step(rates, start, c, 5.0);
      const auto found = receptor_step_taking(rates, start, expected.taken, guess, 5.0);
      INFO("guess " << guess << ", c " << c);
      CHECK(difference(found.numbers, expected.numbers) < 1e-8);
      CHECK(std::abs(found.numbers.surplus) < 1e-7);
    }
  for (const double ligand : {1e6, -3000.0})
  {
    const auto step = receptor_step_taking(rates, start, ligand, 1.0, 5.0);
    CHECK(step.taken + step.numbers.surplus == Approx(ligand).epsilon(1e-14));
    CHECK(step.numbers.surplus * ligand > 0.0);
    CHECK((step.numbers.free >= 0.0 && step.numbers.bound >= 0.0 && step.numbers.inside >= 0.0));
  }
}

namespace
{
/// Agents with full receptors in a closed block of tissue with hanging nodes.
class ClosedBlock
{
public:
  ClosedBlock(const ReceptorParameters &receptor, const std::string &scheme, const std::string &control,
              const double initial, const std::size_t n_agents)
      : agents(world_with(receptor)), fields(organ(), field(scheme, control, initial)), locator(fields.organ),
        nodes(fields.fields, locator), sampling(fields.fields, locator, nodes, agents.parameters),
        deposition(fields.fields, nodes, sampling), exchange(agents.parameters),
        population(agents.parameters.receptor_doubles())
  {
    fields.solver.keep_mean();
    for (std::size_t i = 0; i < n_agents; ++i)
    {
      const auto u = nidus::random::uniform({3, i, 0, nidus::random::Purpose::seeding_position});
      const dealii::Point<3> place(200.0 * u[0], 200.0 * u[1], 200.0 * u[2]);
      const auto cell = locator.locate(place);
      if (!cell.found())
        continue;
      population.append(
          lineage::founder<3>(agents.rules(), lineage::placed_key(3, 0, i), 0, 0, place, DecisionStep{0, 0.0, 1.0}),
          cell.cell, cell.reference);
    }
    population.sort();
  }

  struct Step
  {
    FieldBudget field;
    typename ReceptorExchange<3>::Taken receptors;
  };

  Step advance(const double dt)
  {
    Surroundings<3> surroundings;
    sampling.fields_changed({});
    sampling.look(population, 0, population.size(), Question::what_is_here, surroundings);
    exchange.prepare(agents.rules(), surroundings, dt, population);
    deposition.deposit(population, agents.rules(), exchange, fields.sources);
    Step step;
    step.field = fields.advance(dt).budget[0];
    std::vector<double> mean;
    sampling.sample_values(fields.solver.mean(), population, mean);
    step.receptors = exchange.finish(agents.rules(), mean, 1, dt, population)[0];
    return step;
  }

  /// Ligand on receptors, the surplus included, molecules; greatest surplus over the receptors of a cell.
  std::pair<double, double> held() const
  {
    double bound = 0.0, surplus = 0.0;
    for (std::size_t i = 0; i < population.size(); ++i)
    {
      const double *numbers = population.receptors_of(i);
      bound += numbers[1] + numbers[3];
      surplus = std::max(surplus, std::abs(numbers[3]) / 25000.0);
    }
    return {bound, surplus};
  }

  static OrganParameters organ()
  {
    auto parameters = test::block({200.0, 200.0, 200.0}, 50.0, 0.25);
    parameters.block.lumen_radius = 60.0;
    parameters.wall_refinements = 1;
    RegionParameters airway;
    airway.name = "airway";
    airway.tissue = false;
    parameters.regions.push_back(airway);
    return parameters;
  }

  static FieldsParameters field(const std::string &scheme, const std::string &control, const double initial)
  {
    FieldsParameters parameters;
    parameters.fields = {test::field("sdf1", 3600.0, 0.0)};
    parameters.fields[0].initial = std::to_string(initial);
    parameters.solver.scheme = scheme;
    parameters.solver.step_control = control;
    return parameters;
  }

  test::AgentWorld<3> agents;
  test::FieldWorld<3> fields;
  CellLocator<3> locator;
  CellNodes<3> nodes;
  Sampling<3> sampling;
  Deposition<3> deposition;
  ReceptorExchange<3> exchange;
  AgentPopulation<3> population;
};
} // namespace

TEST_CASE("B14: no molecule is lost between a field and full receptors", "[B14][B7c]")
{
  const std::string scheme = GENERATE("backward Euler", "SDIRK2"), control = GENERATE("fixed", "error");
  ClosedBlock world(full_receptor(), scheme, control, 2.0, 300);
  REQUIRE(world.fields.fields.has_hanging_nodes());
  double worst = 0.0, internalised = 0.0;
  const double ligand = world.fields.fields.amounts()[0];
  world.advance(1e-6); // starts the receptors
  for (const double dt : {0.1, 1.0, 30.0, 30.0, 300.0})
  {
    const double before = world.held().first;
    const auto step = world.advance(dt);
    const double bound = world.held().first - before;
    CHECK(step.receptors.bound == Approx(bound).epsilon(1e-9).margin(1e-6));
    CHECK(step.receptors.internalised > 0.0);
    internalised += step.receptors.internalised;
    // The block is closed: what the field loses is bound or internalised.
    const double moved = std::abs(step.field.change) + std::abs(bound) + step.receptors.internalised;
    const double residual = std::abs(step.field.change + bound + step.receptors.internalised) / moved;
    INFO(scheme << ", " << control << ", step " << dt << ", residual " << residual);
    worst = std::max(worst, residual);
    CHECK(residual < 1e-9);
    // SDIRK2 does not keep long steps positive; the account closes all the same.
    if (scheme == "backward Euler")
      CHECK(world.fields.fields.extremes()[0].minimum >= 0.0);
  }
  test::measured("B14", "full receptors, greatest relative residual, " + scheme + ", step control " + control, worst,
                 "< 1e-9");
  CHECK(internalised > 0.1 * ligand);
}

TEST_CASE("B7c: ligand and full receptors come to equilibrium at any step", "[B7c]")
{
  // Without trafficking L_T = V c + N R_tot c/(K + c) in molecules; agents bind most of the ligand, so that a field
  // that did not feel them implicitly would swing.
  auto receptor = full_receptor();
  receptor.internalisation_rate = receptor.constitutive_rate = 0.0;
  const double dt = GENERATE(0.5, 5.0, 100.0);
  ClosedBlock world(receptor, "backward Euler", "fixed", 2.0, 300);
  const double n = world.population.size(), volume = world.fields.fields.amounts()[0] / 2.0; // molecules per nM
  constexpr double K = 22.0 / 5.04, total = 25000.0;
  // All receptors are free at first, as if the agents came from a place without ligand.
  for (std::size_t i = 0; i < world.population.size(); ++i)
  {
    double *numbers = world.population.receptors_of(i);
    numbers[0] = total;
    numbers[1] = numbers[2] = numbers[3] = 0.0;
  }
  const double ligand = 2.0 * volume, b = K * volume + n * total - ligand;
  const double expected = 2.0 * ligand * K / (b + std::sqrt(b * b + 4.0 * volume * ligand * K));
  double surplus = 0.0;
  for (double t = 0.0; t < 1000.0; t += dt)
  {
    world.advance(dt);
    surplus = std::max(surplus, world.held().second);
    for (std::size_t i = 0; i < world.population.size(); ++i)
      REQUIRE(*std::min_element(world.population.receptors_of(i), world.population.receptors_of(i) + 3) > -1e-6);
  }
  const auto extremes = world.fields.fields.extremes()[0];
  INFO("step " << dt << ", free fraction " << expected / 2.0 << ", greatest surplus " << surplus);
  test::measured("B7c", "ligand in equilibrium with full receptors [nM], step " + std::to_string(dt) + " min",
                 extremes.mean, expected);
  CHECK(extremes.maximum == Approx(expected).epsilon(1e-6));
  CHECK(extremes.minimum == Approx(expected).epsilon(1e-6));
  CHECK(world.held().first + world.fields.fields.amounts()[0] == Approx(ligand).epsilon(1e-8));
}
