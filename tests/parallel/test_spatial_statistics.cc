// Sections and pair correlations of point processes with known statistics; the same with 1, 2 and 3 ranks.

#include "agent_box.h"
#include "measured.h"

#include "observables/pair_correlations.h"
#include "observables/sections.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>

using namespace nidus;
using namespace nidus::test;

namespace
{
constexpr double side = 200.0, radius = 4.0, pi = 3.14159265358979323846;

AgentParameters two_types()
{
  AgentParameters agents;
  agents.types = {walker("csc", 0.1, 10.0), walker("hpc", 0.1, 10.0)};
  for (auto &type : agents.types)
    type.radius = radius;
  return agents;
}

struct World
{
  explicit World(const double airway = 0.0)
      : organ(MPI_COMM_WORLD,
              airway > 0.0 ? with_airway(block({side, side, side}, 20.0), airway) : block({side, side, side}, 20.0)),
        box(organ, two_types())
  {
  }

  /// Places outside of the tissue are left out.
  void add(const dealii::Point<3> &place, const int type)
  {
    ++key;
    for (unsigned int d = 0; d < 3; ++d)
      if (place[d] < 0.0 || place[d] > side)
        return;
    const auto at = box.locator.locate(place);
    if (!at.found() || !box.locator.is_owned(at.cell))
      return;
    AgentRecord<3> record;
    record.key = key;
    record.type = type;
    record.position = place;
    box.population.append(record, at.cell, at.reference);
  }

  /// @p n places uniform in the block, drawn for @p replicate.
  void scatter(const std::size_t n, const int type, const std::uint64_t replicate)
  {
    for (std::size_t i = 0; i < n; ++i)
    {
      const auto u = random::uniform({11, i, 2 * replicate + type, random::Purpose::seeding_position});
      add({side * u[0], side * u[1], side * u[2]}, type);
    }
  }

  void clear() { box.population = AgentPopulation<3>(); }

  std::uint64_t size() const
  {
    return dealii::Utilities::MPI::sum(static_cast<std::uint64_t>(box.population.size()), MPI_COMM_WORLD);
  }

  double count(const AgentSelection &selection) const
  {
    double n = 0.0;
    for (std::size_t i = 0; i < box.population.size(); ++i)
      n += selection(box.population.type[i], box.population.state[i]);
    return dealii::Utilities::MPI::sum(n, MPI_COMM_WORLD);
  }

  Organ<3> organ;
  AgentBox<3> box;
  std::uint64_t key = 0;
};

PairCorrelationParameters pairs_of(const AgentParameters &agents, const std::string &from, const std::string &to)
{
  PairCorrelationParameters parameters;
  parameters.radius = 40.0;
  parameters.bins = 8;
  parameters.from_agents = AgentSelection(agents, {from}, "From");
  parameters.to_agents = AgentSelection(agents, {to}, "To");
  return parameters;
}

/// Mean of g and its standard error.
struct Estimate
{
  double mean = 0.0, error = 0.0;
};

/// g in each bin over @p n replicates, of which @p fill makes one. Replicates weigh as many as they have pairs, so that
/// a mean of ratios is a ratio of means, which is what closed forms are about.
template <typename Fill>
std::vector<Estimate> replicated(World &world, const PairCorrelationParameters &parameters, const unsigned int n,
                                 const Fill &fill)
{
  std::vector<std::vector<double>> g(parameters.bins);
  std::vector<double> weight;
  double sum = 0.0;
  for (unsigned int replicate = 0; replicate < n; ++replicate)
  {
    world.clear();
    fill(replicate);
    const PairCorrelation<3> correlation(parameters, replicate, world.box.locator, world.organ.tissue_volume(), 17);
    const auto bins = correlation.look(world.box.migration, world.box.locator, world.box.population);
    for (std::size_t b = 0; b < bins.size(); ++b)
      g[b].push_back(bins[b].g);
    weight.push_back(world.count(parameters.from_agents) * world.count(parameters.to_agents));
    sum += weight.back();
  }
  std::vector<Estimate> estimates(parameters.bins);
  for (std::size_t b = 0; b < g.size(); ++b)
  {
    for (unsigned int r = 0; r < n; ++r)
      estimates[b].mean += weight[r] / sum * g[b][r];
    for (unsigned int r = 0; r < n; ++r)
      estimates[b].error += std::pow(weight[r] / sum * (g[b][r] - estimates[b].mean), 2) * n / (n - 1.0);
    estimates[b].error = std::sqrt(estimates[b].error);
  }
  return estimates;
}

/// Poisson parents with Gaussian offspring; those that fall out of the tissue are lost.
void thomas_process(World &world, const double parent_density, const double mean_offspring, const double sigma,
                    const std::uint64_t replicate)
{
  const double rim = 5.0 * sigma, edge = side + 2.0 * rim;
  const auto n_parents =
      random::poisson({23, 0, replicate, random::Purpose::arrival_count}, parent_density * edge * edge * edge);
  for (std::uint64_t p = 0; p < n_parents; ++p)
  {
    const auto u = random::uniform({23, p, replicate, random::Purpose::seeding_position});
    const auto n = random::poisson({23, p, replicate, random::Purpose::arrival_kind}, mean_offspring);
    for (std::uint32_t k = 0; k < n; ++k)
    {
      const auto z = random::normal({23, p, replicate, random::Purpose::motility}, k);
      dealii::Point<3> place;
      for (unsigned int d = 0; d < 3; ++d)
        place[d] = edge * u[d] - rim + sigma * z[d];
      // Independent marks: thinned Poisson numbers are Poisson numbers, and of different marks independent.
      const double mark = random::uniform({23, p, replicate, random::Purpose::division_fate}, k)[0];
      world.add(place, mark < 0.5 ? 0 : 1);
    }
  }
}

/// Mean of exp(-r^2 / (4 sigma^2)) over the shell [a, b], by Simpson's rule with 200 parts.
double mean_over_shell(const double a, const double b, const double sigma)
{
  constexpr int n = 200;
  double sum = 0.0;
  for (int i = 0; i <= n; ++i)
  {
    const double r = a + (b - a) * i / n, weight = i == 0 || i == n ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
    sum += weight * r * r * std::exp(-r * r / (4.0 * sigma * sigma));
  }
  return sum * (b - a) / (3.0 * n) / ((b * b * b - a * a * a) / 3.0);
}
} // namespace

TEST_CASE("The pair correlation of random agents is one in tissue of any shape", "[observables][pairs]")
{
  // The airway takes a fifth of the block away, so borders are near everywhere.
  World world(50.0);
  const auto cross = pairs_of(world.box.parameters, "csc", "hpc");
  const auto samples = replicated(world, cross, 24, [&](const std::uint64_t replicate) {
    world.scatter(300, 0, replicate);
    world.scatter(600, 1, replicate);
  });
  double worst = 0.0;
  for (const auto &sample : samples)
  {
    CHECK(std::abs(sample.mean - 1.0) < 3.0 * sample.error);
    worst = std::max(worst, std::abs(sample.mean - 1.0) / sample.error);
  }
  // Without the correction for borders the last bin would be at 0.8 or so.
  CHECK(samples.back().error < 0.01);
  measured("pairs", "random agents: greatest deviation of g from 1, in standard errors", worst, "3");
}

TEST_CASE("An agent is not a pair with itself", "[observables][pairs]")
{
  World world;
  const auto own = pairs_of(world.box.parameters, "csc", "csc");
  const auto samples =
      replicated(world, own, 24, [&](const std::uint64_t replicate) { world.scatter(500, 0, replicate); });
  for (const auto &sample : samples)
    CHECK(std::abs(sample.mean - 1.0) < 3.0 * sample.error);
}

TEST_CASE("The pair correlation of a Thomas process has its closed form", "[observables][pairs]")
{
  // g(r) = 1 + exp(-r^2 / (4 sigma^2)) / ((4 pi sigma^2)^(3/2) kappa), between types too. What is measured is divided
  // by its mean over all pairs of places in the block, since the agents that there are stand for the density: by
  // 1 + c^3 / (kappa V), where c is the probability that two places along one axis with a normal difference of variance
  // 2 sigma^2 are both in the block, given one of them is.
  World world;
  constexpr double sigma = 8.0, kappa = 2e-5, volume = side * side * side;
  const double s = std::sqrt(2.0) * sigma;
  const double c = std::erf(side / (std::sqrt(2.0) * s)) -
                   s * std::sqrt(2.0 / pi) / side * (1.0 - std::exp(-side * side / (2.0 * s * s)));
  const double mean_g = 1.0 + c * c * c / (kappa * volume);
  const auto cross = pairs_of(world.box.parameters, "csc", "hpc");
  const auto samples = replicated(
      world, cross, 96, [&](const std::uint64_t replicate) { thomas_process(world, kappa, 6.0, sigma, replicate); });
  const double height = 1.0 / (std::pow(4.0 * pi * sigma * sigma, 1.5) * kappa);
  double worst = 0.0;
  for (std::size_t b = 0; b < samples.size(); ++b)
  {
    const double expected = (1.0 + height * mean_over_shell(5.0 * b, 5.0 * (b + 1), sigma)) / mean_g;
    CHECK(std::abs(samples[b].mean - expected) < 3.0 * samples[b].error);
    worst = std::max(worst, std::abs(samples[b].mean - expected) / samples[b].error);
  }
  CHECK(samples.front().mean > 2.0);
  measured("pairs", "Thomas process: greatest deviation of g, in standard errors", worst, "3");
}

TEST_CASE("Sections see random agents as stereology foretells", "[observables][sections]")
{
  World world(50.0);
  SectionParameters parameters;
  parameters.number = 30;
  parameters.thickness = 8.0;
  parameters.cluster_size = 1;
  parameters.agents = AgentSelection(world.box.parameters, {"csc"}, "Of");
  const Sections<3> sections(parameters, world.box.parameters, world.box.locator, 5);
  world.scatter(20000, 0, 0);
  const double density = static_cast<double>(world.size()) / world.organ.tissue_volume();

  std::vector<double> row;
  std::vector<TableRow> rows;
  sections.look(MPI_COMM_WORLD, 0.0, world.box.population, row, rows);
  double expected = 0.0, area = 0.0, across = 0.0, along = 0.0;
  for (const auto &plane : sections.planes())
  {
    const double half = 0.5 * parameters.thickness + radius;
    area += plane.area;
    // The slab in which centres count is the wider one, cut off at the ends of the block.
    for (std::uint32_t cell = 0; cell < world.box.locator.n_cells(); ++cell)
      if (world.box.locator.is_owned(cell))
        expected += density * volume_in_slab(world.box.locator, cell, plane.axis, plane.position, half);
    const bool inside = plane.position > 4.0 && plane.position < side - 4.0;
    if (plane.axis == 2 && inside)
      along = plane.area;
    if (plane.axis == 0 && plane.position > 4.0 && plane.position < 40.0)
      across = plane.area;
  }
  expected = dealii::Utilities::MPI::sum(expected, MPI_COMM_WORLD);
  // Along the airway each section lacks its staircase of cells; beside the airway nothing is lacking.
  CHECK(along == Approx(world.organ.tissue_volume() / side).epsilon(1e-12));
  CHECK(across == Approx(side * side).epsilon(1e-12));
  if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
  {
    // Sections may cross, and an agent in two of them counts twice: at most doubled in the variance.
    const double count = row[0] * area * 1e-6;
    CHECK(std::abs(count - expected) < 3.0 * std::sqrt(2.0 * expected));
    // Abercrombie: density times (thickness + diameter), the ends of the block aside.
    CHECK(count == Approx(density * area * (parameters.thickness + 2.0 * radius)).epsilon(0.05));
    measured("sections", "random agents per area over density (thickness + diameter)",
             count / (density * area * (parameters.thickness + 2.0 * radius)), "1");
  }
}

TEST_CASE("Sections tell clusters from scattered agents", "[observables][sections]")
{
  World world;
  SectionParameters parameters;
  parameters.number = 3;
  parameters.cluster_size = 3;
  parameters.cluster_distance = 11.0;
  parameters.agents = AgentSelection(world.box.parameters, {"hpc"}, "Of");
  const Sections<3> sections(parameters, world.box.parameters, world.box.locator, 5);
  const auto &plane = sections.planes()[0];
  REQUIRE(plane.axis == 0);
  // In the first section: a cluster of five, one of three that cross ranks, and two of two; and agents just out of it.
  const auto put = [&](const double offset, const double y, const double z, const int type = 1) {
    world.add({plane.position + offset, y, z}, type);
  };
  for (int k = 0; k < 5; ++k)
    put(3.0, 20.0 + 10.0 * k, 30.0);
  for (int k = 0; k < 3; ++k)
    put(-7.5, 90.0 + 10.0 * k, 100.0);
  for (const double z : {150.0, 170.0})
    for (int k = 0; k < 2; ++k)
      put(0.0, 20.0 + 10.0 * k, z);
  put(8.5, 70.0, 30.0);      // its body does not touch the slab, else it would join the five
  put(0.0, 120.0, 100.0, 0); // another type

  std::vector<double> row;
  std::vector<TableRow> rows;
  sections.look(MPI_COMM_WORLD, 60.0, world.box.population, row, rows);
  if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != 0)
    return;
  std::map<std::uint64_t, std::uint64_t> sizes;
  for (const auto &entry : rows)
    if (std::get<std::uint64_t>(entry[1]) == 0)
      sizes[std::get<std::uint64_t>(entry[5])] = std::get<std::uint64_t>(entry[6]);
  CHECK(sizes == std::map<std::uint64_t, std::uint64_t>{{2, 2}, {3, 1}, {5, 1}});
}
