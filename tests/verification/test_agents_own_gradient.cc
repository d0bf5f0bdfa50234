// B9: agents that make the gradient which they follow.
//
// B9a: a sheet of agents that is moved at the speed V takes up the ligand; ahead of it
//   c(z) = c_inf - (c_inf - c_0) exp(-V z / D),  N k_e R c_0 / (K + c_0) UC = phi V (c_inf - c_0),
// with N agents per area and UC the nM um^3 of a molecule; behind it c = c_0.
//
// B9b: agents start together at one end of a column of uniform ligand, retarded to D = 225 um^2/min, and what Tweedy
// and Insall have seen must come of itself.

#include "../coupled_world.h"
#include "measured.h"

#include "control/units.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace nidus;
using nidus::test::CoupledWorld;
using nidus::test::Sample;

namespace
{
constexpr double affinity = 25.0, fraction = 0.25; // nM, 1

FieldsParameters ligand(const double diffusivity)
{
  FieldsParameters fields;
  fields.fields = {test::field("ligand", diffusivity, 0.0)};
  return fields;
}

/// What a sheet has done after it was moved by four times D/V.
struct Sheet
{
  double at_agents = 0.0;     ///< nM, mean over the time in which it crosses a cell
  double behind = 0.0;        ///< nM
  double profile_error = 0.0; ///< greatest difference from the formula ahead, over c_inf
  double uptake = 0.0;        ///< nM um/min by area, at the concentration that agents have found
};

/// A sheet with @p excess times the agents that the formula asks for, from the exact profile.
template <int dim>
Sheet moved_sheet(const double excess)
{
  constexpr double h = 2.5, diffusivity = 150.0, speed = 1.0, dt = 1.0; // um, um^2/min, um/min, min
  constexpr double far = 40.0, at_front = 10.0, start = 300.0;          // nM, nM, um
  constexpr double scale = diffusivity / speed, travel = 4.0 * scale, length = start + travel + 6.5 * scale;
  constexpr unsigned int n_agents = 10;
  const double per_cell = 0.198 * 25000.0 * units::nanomolar_um3;
  const double density = excess * fraction * speed * (far - at_front) * (affinity + at_front) / (at_front * per_cell);

  std::vector<double> size(dim, h);
  size[0] = h * std::ceil(length / h);
  AgentParameters agents;
  agents.types = {test::eater(0.0, 1.0, 0.0, affinity, density * std::pow(h, dim - 1) / n_agents)};
  CoupledWorld<dim> world(test::block(size, h, fraction), ligand(diffusivity), agents);
  const auto formula = [&](const double z) {
    return z < 0.0 ? at_front : far - (far - at_front) * std::exp(-z / scale);
  };
  world.set(0, [&](const auto &place) { return formula(place[0] - start); });
  world.sampling.fields_changed({});
  dealii::Point<dim> lower, upper;
  for (unsigned int d = 0; d < dim; ++d)
    upper[d] = h;
  lower[0] = upper[0] = start;
  world.box.fill(n_agents, lower, upper);

  Sheet sheet;
  dealii::Tensor<1, dim> step;
  step[0] = speed * dt;
  const auto n_steps = static_cast<unsigned int>(travel / (speed * dt)), crossing = 5u;
  double now = 0.0;
  for (unsigned int k = 0; k < n_steps; ++k)
  {
    world.advance_fields(dt);
    now = world.box.population.position[0][0];
    if (k + crossing >= n_steps)
      sheet.at_agents += Sample(world.at_agents(0)).mean / crossing;
    if (k + 1 < n_steps)
      world.box.migration.relocate(std::vector<dealii::Tensor<1, dim>>(n_agents, step), WallRule::stay,
                                   world.box.population);
  }
  sheet.uptake = density * per_cell * sheet.at_agents / (affinity + sheet.at_agents);
  const double *u = nullptr;
  VecGetArrayRead(world.fields.state, &u);
  double count = 0.0;
  world.for_each_node([&](const auto &place, const unsigned int node) {
    const double z = place[0] - now;
    if (z > 0.0)
      sheet.profile_error = std::max(sheet.profile_error, std::abs(u[node] - formula(z)) / far);
    if (z < -0.5 * scale && z > -scale)
    {
      sheet.behind += u[node];
      count += 1.0;
    }
  });
  VecRestoreArrayRead(world.fields.state, &u);
  sheet.behind /= count;

  const std::string dimension = std::to_string(dim) + "-D: ";
  if (excess == 1.0)
  {
    test::measured("B9a", dimension + "concentration at the moving sink [nM]", sheet.at_agents, at_front);
    test::measured("B9a", dimension + "greatest difference from the profile over c_inf", sheet.profile_error, "< 0.02");
    test::measured("B9a", dimension + "uptake over phi V (c_inf - c_behind)",
                   sheet.uptake / (fraction * speed * (far - sheet.behind)), 1.0);
    CHECK(sheet.at_agents == Approx(at_front).epsilon(0.02));
    CHECK(sheet.behind == Approx(at_front).epsilon(0.02));
    CHECK(sheet.profile_error < 0.02);
    CHECK(sheet.uptake == Approx(fraction * speed * (far - sheet.behind)).epsilon(0.02));
  }
  return sheet;
}
} // namespace

TEMPLATE_TEST_CASE_SIG("B9a: the gradient ahead of a sink that moves", "[agents][coupling][B9a]", ((int dim), dim), 2,
                       3)
{
  const auto sheet = moved_sheet<dim>(1.0);
  // A fifth more or fewer agents leave the formula clearly.
  CHECK(moved_sheet<dim>(1.2).at_agents < 0.95 * sheet.at_agents);
  CHECK(moved_sheet<dim>(0.8).at_agents > 1.05 * sheet.at_agents);
}

namespace
{
/// The column of B9b, and what its agents can do.
constexpr double column = 1800.0, column_width = 60.0, edge = 10.0;    // um
constexpr double retarded = 225.0, crawling = 0.5, memory = 5.0;       // um^2/min, um/min, min
constexpr double nursery = 100.0;                                      // um: where agents start
constexpr double duration = 1500.0, looking = 200.0, macro_step = 2.0; // min
constexpr std::size_t crowd = 1600;

/// Where agents were some time before the end, the first ahead, and how far each has come up the column since then.
struct Crowd
{
  std::vector<double> place, displacement; ///< um
  double lowest = 0.0, greatest = 0.0;     ///< of the ligand at agents, nM

  double place_of(const double rank) const { return place[static_cast<std::size_t>(rank * place.size())]; }
  /// Displacements of the agents from one rank to another, as fractions of all.
  Sample moved(const double from, const double to) const
  {
    return Sample(std::vector<double>(displacement.begin() + static_cast<std::ptrdiff_t>(from * place.size()),
                                      displacement.begin() + static_cast<std::ptrdiff_t>(to * place.size())));
  }
  /// Agents within @p depth um of the tenth, as the first few are where chance has led them.
  double in_front(const double depth) const
  {
    return static_cast<double>(
        std::count_if(place.begin(), place.end(), [&](const double x) { return x > place[9] - depth; }));
  }
};

/// Ligand is uniform at first. Without @p degradable receptors bind but do not take up.
Crowd crawl_up(const double initial, const bool degradable)
{
  auto type = test::eater(crawling, memory, 12.0, affinity, 5e-4);
  if (!degradable)
    type.receptors[0].internalisation_rate = 0.0;
  AgentParameters agents;
  agents.types = {type};
  CoupledWorld<2> world(test::block({column, column_width}, edge, fraction), ligand(retarded), agents);
  world.set(0, [&](const auto &) { return initial; });
  world.sampling.fields_changed({});
  world.box.fill(crowd, dealii::Point<2>(), dealii::Point<2>(nursery, column_width));
  std::map<std::uint64_t, double> before;
  for (double t = 0.0; t < duration; t += macro_step)
  {
    if (before.empty() && t >= duration - looking)
      for (std::size_t i = 0; i < crowd; ++i)
        before[world.box.population.key[i]] = world.box.population.position[i][0];
    world.advance_all(macro_step);
  }

  const auto &population = world.box.population;
  std::vector<std::pair<double, double>> agents_by_place;
  for (std::size_t i = 0; i < crowd; ++i)
    agents_by_place.emplace_back(before.at(population.key[i]), population.position[i][0]);
  // By where they were before: those that are ahead afterwards are those that chance has moved ahead.
  std::sort(agents_by_place.rbegin(), agents_by_place.rend());
  Crowd result;
  for (const auto &[then, now] : agents_by_place)
  {
    result.place.push_back(then);
    result.displacement.push_back(now - then);
  }
  const auto felt = world.at_agents(0);
  result.lowest = *std::min_element(felt.begin(), felt.end());
  result.greatest = *std::max_element(felt.begin(), felt.end());
  return result;
}
} // namespace

TEST_CASE("B9b: what Tweedy and Insall have seen comes of itself", "[agents][coupling][B9b]")
{
  const auto rich = crawl_up(100.0, true), poor = crawl_up(40.0, true), inert = crawl_up(100.0, false);
  // How far agents get by chance.
  const double reach = std::sqrt(crawling * crawling * memory * (duration - looking));

  // (i) Those ahead are directed, nearly every one of them; those behind are not.
  const auto ahead = rich.moved(0.0, 0.1), behind = rich.moved(0.65, 0.9);
  test::measured("B9b", "mean way of the leading tenth in 200 min [um]", ahead.mean, "directed");
  test::measured("B9b", "mean way of agents behind in 200 min [um]", behind.mean,
                 "0 within " + std::to_string(3.0 * behind.error));
  CHECK(ahead.mean > 3.0 * std::sqrt(ahead.variance));
  INFO("behind " << behind.mean << " error " << behind.error);
  CHECK(std::abs(behind.mean) < 3.0 * behind.error);

  // (ii) More ligand needs more agents to clear it: the front is denser. Numbers are known up to their roots.
  constexpr double depth = 200.0;
  const double many = rich.in_front(depth), few = poor.in_front(depth);
  test::measured("B9b", "agents in the first 200 um, ligand at 100 nM", many,
                 "more than " + std::to_string(static_cast<int>(few)) + " at 40 nM");
  CHECK(many - few > 3.0 * std::sqrt(many + few));

  // (iii) Far, without a gradient at the start; with less ligand too.
  test::measured("B9b", "place of the leading tenth [um]", rich.place_of(0.1),
                 "without a gradient " + std::to_string(inert.place_of(0.1)));
  CHECK(rich.place_of(0.1) - nursery > 5.0 * reach);
  CHECK(poor.place_of(0.1) - nursery > 5.0 * reach);

  // (iv) Not when the ligand cannot be removed. With reach s beyond the nursery of length l, chance brings the fraction
  // s/l E[max(Z - 2, 0)] = 0.0034 of all further than 2 s from it, Z a standard normal number: five agents, not
  // sixteen.
  CHECK(inert.lowest == Approx(100.0).epsilon(1e-9));
  CHECK(inert.greatest == Approx(100.0).epsilon(1e-9));
  CHECK(inert.place_of(0.01) - nursery < 2.0 * reach);
  const auto undirected = inert.moved(0.0, 0.1);
  INFO("undirected " << undirected.mean << " error " << undirected.error);
  test::measured("B9b", "the same with a ligand that cannot be degraded [um]", undirected.mean,
                 "0 within " + std::to_string(3.0 * undirected.error));
  CHECK(std::abs(undirected.mean) < 3.0 * undirected.error);
}
