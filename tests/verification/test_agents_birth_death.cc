// B11 and B11b: colonies by division and death, and the lineage of cancer stem cells.
//
// In one macro step an agent does at most one thing, so a colony is a Galton-Watson process in discrete time. Its exact
// mean, variance and extinction are what the agents are compared with, within three standard errors; that these differ
// from the formulas in continuous time by no more than the step explains is checked beside it, without agents.

#include "../agent_world.h"
#include "measured.h"

#include "control/input_error.h"

#include <catch2/catch.hpp>

#include <unordered_map>

using namespace nidus;
using nidus::test::AgentWorld;
using nidus::test::Sample;

namespace
{
constexpr double dt = 60.0, cycle = 1440.0; // min

/// To which colony each agent belongs, through the keys of mothers.
class Colonies
{
public:
  Colonies(const AgentPopulation<2> &population, const std::size_t founders_each)
  {
    for (std::size_t i = 0; i < population.size(); ++i)
      colony[population.key[i]] = i / founders_each;
    n = population.size() / founders_each;
  }

  void follow(const std::vector<AgentEvent> &events)
  {
    for (const auto &event : events)
      if (event.kind == EventKind::divided)
        colony[event.daughter] = colony.at(event.key);
  }

  /// Number of agents of a type in each colony.
  std::vector<double> sizes(const AgentPopulation<2> &population, const int type) const
  {
    std::vector<double> size(n, 0.0);
    for (std::size_t i = 0; i < population.size(); ++i)
      if (population.type[i] == type)
        size[colony.at(population.key[i])] += 1.0;
    return size;
  }

private:
  std::unordered_map<std::uint64_t, std::size_t> colony;
  std::size_t n = 0;
};

/// Offspring of an agent in one step: none, itself, two.
struct Offspring
{
  double none, two;
  double mean() const { return 1.0 + two - none; }
  double variance() const { return none + two - (two - none) * (two - none); }
  double extinct_after(const unsigned int n_steps) const
  {
    double s = 0.0;
    for (unsigned int k = 0; k < n_steps; ++k)
      s = none + (1.0 - none - two) * s + two * s * s;
    return s;
  }
};

Offspring offspring(const double birth, const double death)
{
  const double acts = -std::expm1(-(birth + death) * dt);
  return {acts * death / (birth + death), acts * birth / (birth + death)};
}

void check(const Sample &sample, const double expected)
{
  INFO("mean " << sample.mean << " expected " << expected << " standard error " << sample.error);
  CHECK(std::abs(sample.mean - expected) < 3.0 * sample.error);
}

double extinct_fraction(const std::vector<double> &sizes)
{
  double extinct = 0.0;
  for (const double size : sizes)
    extinct += (size == 0.0) / static_cast<double>(sizes.size());
  return extinct;
}

TransitionParameters division(const std::string &from, const double rate, std::map<std::string, double> daughters)
{
  auto transition = test::transition("divide", from, "division", rate);
  transition.daughters = std::move(daughters);
  return transition;
}
} // namespace

TEST_CASE("B11: mean, variance and extinction of birth-death colonies", "[agents][B11]")
{
  constexpr double birth = 1.0 / cycle, death = 0.4 / cycle;
  constexpr unsigned int n_steps = 72, founders = 3;
  AgentWorld<2> world;
  auto type = test::walker("tum", 0.2, 15.0);
  type.transitions = {division("moving", birth, {{"tum.moving + tum.moving", 1.0}}),
                      test::transition("die", "moving", "death", death)};
  world.parameters.types = {type};
  world.parameters.resolve(world.outside);
  world.seed_agents(founders * 6000);

  Colonies colonies(world.population, founders);
  for (unsigned int step = 0; step < n_steps; ++step)
    colonies.follow(world.react(step, dt).events);
  const auto sizes = colonies.sizes(world.population, 0);
  const Sample sample(sizes);

  const auto exact = offspring(birth, death);
  const double m = exact.mean(), growth = std::pow(m, n_steps);
  test::measured("B11", "mean size of a colony", sample.mean, founders * growth);
  check(sample, founders * growth);
  const double variance = founders * exact.variance() * growth / m * (growth - 1.0) / (m - 1.0);
  INFO("variance " << sample.variance << " expected " << variance << " standard error " << sample.variance_error);
  test::measured("B11", "variance of the size of a colony", sample.variance, variance);
  CHECK(std::abs(sample.variance - variance) < 3.0 * sample.variance_error);
  const double extinct = std::pow(exact.extinct_after(n_steps), founders);
  const double error = std::sqrt(extinct * (1.0 - extinct) / sizes.size());
  INFO("extinct " << extinct_fraction(sizes) << " expected " << extinct << " standard error " << error);
  test::measured("B11", "extinct fraction", extinct_fraction(sizes), extinct);
  CHECK(std::abs(extinct_fraction(sizes) - extinct) < 3.0 * error);
}

TEST_CASE("B11: discrete and continuous time agree as the step says", "[agents][B11]")
{
  constexpr double birth = 1.0 / cycle, death = 0.4 / cycle, time = 72 * dt;
  const auto exact = offspring(birth, death);
  const double growth = std::exp((birth - death) * time);
  // One event per step instead of many: the relative error of the growth rate is (b + d) dt / 2 to first order.
  CHECK(std::log(exact.mean()) / dt == Approx(birth - death).epsilon((birth + death) * dt / 2.0 * 1.5));
  CHECK(std::pow(exact.mean(), 72) == Approx(growth).epsilon(0.08));
  // Ultimate extinction is exact for any step.
  CHECK(exact.extinct_after(100000) == Approx(death / birth).epsilon(1e-9));
}

TEST_CASE("B11b: stem cells, their progeny, and the fates of divisions", "[agents][B11b]")
{
  constexpr double stem_rate = 1.0 / cycle, symmetric = 0.30, asymmetric = 0.55, differentiating = 0.15;
  constexpr double progeny_rate = 0.5 / cycle, progeny_death = 0.7 / cycle;
  constexpr unsigned int n_steps = 120;
  AgentWorld<2> world;
  auto stem = test::walker("csc", 0.2, 15.0), progeny = test::walker("tum", 0.2, 15.0);
  stem.transitions = {division("moving", stem_rate,
                               {{"csc.moving + csc.moving", symmetric},
                                {"csc.moving + tum.moving", asymmetric},
                                {"tum.moving + tum.moving", differentiating}})};
  progeny.transitions = {division("moving", progeny_rate, {{"tum.moving + tum.moving", 1.0}}),
                         test::transition("die", "moving", "death", progeny_death)};
  world.parameters.types = {stem, progeny};
  world.parameters.resolve(world.outside);
  world.seed_agents(12000);

  Colonies colonies(world.population, 1);
  double stem_mean = 1.0, progeny_mean = 0.0;
  const double divides = -std::expm1(-stem_rate * dt);
  const auto progeny_step = offspring(progeny_rate, progeny_death);
  std::vector<double> fates(3, 0.0);
  for (unsigned int step = 0; step < n_steps; ++step)
  {
    const auto events = world.react(step, dt).events;
    colonies.follow(events);
    for (const auto &event : events)
      if (event.kind == EventKind::divided && event.type == 0)
        fates[event.new_type + event.daughter_type] += 1.0;
    // The means obey dN_C/dt = rho (p_s - p_d) N_C, dN_T/dt = (rho_T - delta) N_T + rho (2 p_d + p_a) N_C, step by
    // step.
    progeny_mean = progeny_mean * progeny_step.mean() + stem_mean * divides * (2.0 * differentiating + asymmetric);
    stem_mean *= 1.0 + divides * (symmetric - differentiating);
  }

  const auto stem_sizes = colonies.sizes(world.population, 0);
  test::measured("B11b", "mean number of stem cells of a lineage", Sample(stem_sizes).mean, stem_mean);
  check(Sample(stem_sizes), stem_mean);
  check(Sample(colonies.sizes(world.population, 1)), progeny_mean);

  const Offspring stem_step{divides * differentiating, divides * symmetric};
  const double extinct = stem_step.extinct_after(n_steps);
  const double error = std::sqrt(extinct * (1.0 - extinct) / stem_sizes.size());
  INFO("without stem cells " << extinct_fraction(stem_sizes) << " expected " << extinct << " error " << error);
  test::measured("B11b", "lineages without stem cells", extinct_fraction(stem_sizes), extinct);
  CHECK(std::abs(extinct_fraction(stem_sizes) - extinct) < 3.0 * error);
  CHECK(stem_step.extinct_after(1000000) == Approx(differentiating / symmetric).epsilon(1e-9));

  const double n_divisions = fates[0] + fates[1] + fates[2];
  const std::vector<double> probabilities = {symmetric, asymmetric, differentiating};
  double chi = 0.0;
  for (unsigned int k = 0; k < 3; ++k)
    chi += std::pow(fates[k] - n_divisions * probabilities[k], 2) / (n_divisions * probabilities[k]);
  INFO("chi^2 of the fates " << chi << " of " << n_divisions << " divisions");
  CHECK(chi < 11.83); // two degrees of freedom, probability 0.0027
}

TEST_CASE("B11b: the niche changes the odds of one fate of a division", "[agents][B11b]")
{
  constexpr double symmetric = 0.10, asymmetric = 0.85, differentiating = 0.05, weight = 1.5;
  AgentWorld<2> world;
  auto stem = test::walker("csc", 0.2, 15.0);
  auto divides = division("moving", 1.0,
                          {{"csc.moving + csc.moving", symmetric},
                           {"csc.moving + tum.moving", asymmetric},
                           {"tum.moving + tum.moving", differentiating}});
  divides.favoured_fate = "csc.moving + csc.moving";
  divides.fate_weights = {{"niche", weight}};
  stem.transitions = {divides};
  world.parameters.types = {stem, test::walker("tum", 0.2, 15.0)};
  world.parameters.signals = {test::signal("niche", "field", "fibronectin", 1.0)};
  world.parameters.resolve(world.outside);
  world.seed_agents(40000);
  const DecisionStep step{3, 90.0, 30.0};
  std::vector<double> fates(3, 0.0);
  for (const auto &event :
       apply(world.rules(), world.decisions(step, world.uniform({0.0, 0.6}, {0.0, 0.0})), step, world.population)
           .events)
    fates[event.new_type + event.daughter_type] += 1.0;
  // logit(p) = logit(p0) + weight * signal (model 3.4); the other two keep their proportions.
  const double odds = symmetric / (1.0 - symmetric) * std::exp(weight * 0.6), favoured = odds / (1.0 + odds);
  const std::vector<double> expected = {favoured, (1.0 - favoured) * asymmetric / (1.0 - symmetric),
                                        (1.0 - favoured) * differentiating / (1.0 - symmetric)};
  double chi = 0.0;
  for (unsigned int k = 0; k < 3; ++k)
    chi += std::pow(fates[k] - 40000 * expected[k], 2) / (40000 * expected[k]);
  test::measured("B11b", "symmetric divisions in a niche", fates[0] / 40000, favoured);
  CHECK(chi < 11.83); // two degrees of freedom, probability 0.0027

  for (const auto *wrong : {"csc.moving + csc.asleep", ""})
  {
    world.parameters.types[0].transitions[0].favoured_fate = wrong;
    CHECK_THROWS_AS(world.parameters.resolve(world.outside), InputError);
  }
}

TEST_CASE("B11b: progeny stops after its maximum number of divisions", "[agents][B11b]")
{
  AgentWorld<3> world;
  auto type = test::walker("tum", 0.2, 15.0);
  type.maximum_divisions = 4;
  type.transitions = {division("moving", 1.0, {{"tum.moving + tum.moving", 1.0}})};
  world.parameters.types = {type};
  world.parameters.resolve(world.outside);
  world.seed_agents(10);
  for (unsigned int step = 0; step < 20; ++step)
    world.react(step, 60.0);
  // With hazard * step = 60 every agent divides in each step until it may not.
  CHECK(world.population.size() == 10 * 16);
  for (const auto generation : world.population.generation)
    CHECK(generation == 4);
}
