// B8 with agents: the front of a colony that divides and crawls.
//
// Agents divide at the rate rho where fewer than a given number of others are near, so f(u) <= f'(0) u and the front is
// pulled. A front of N agents in its zone is slower than 2 sqrt(D rho) by what Brunet and Derrida found for a cut-off
// at one agent: v_N = 2 sqrt(D rho) (1 - pi^2 / (2 ln^2 N)).

#include "../agent_box.h"
#include "measured.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace nidus;
using nidus::test::AgentBox;
using nidus::test::Landscape;

namespace
{
constexpr double speed = 4.0, persistence = 1.25, rate = 0.01; // um/min, min, 1/min
constexpr double step = 8.0;                                   // min
constexpr double length = 2400.0;                              // um, of the column
constexpr double nearby = 20.0;                                // um: who is counted
constexpr double bin = 20.0;                                   // um

/// Agents of which each divides while fewer than @p capacity others are near.
AgentParameters colonists(const double capacity)
{
  AgentParameters agents;
  SignalParameters crowd;
  crowd.name = "crowd";
  crowd.kind = "neighbours";
  crowd.neighbours = {"csc"};
  crowd.radius = nearby;
  crowd.scale = 2.0 * capacity;
  auto type = test::walker("csc", speed, persistence);
  type.radius = 1.0;
  type.repulsion = 0.0;
  type.transitions = {test::transition("divide", "moving", "division", rate)};
  type.transitions[0].daughters = {{"csc.moving + csc.moving", 1.0}};
  type.transitions[0].at_most = {{"crowd", 0.5}};
  agents.signals = {crowd};
  agents.types = {type};
  return agents;
}

/// So many agents are beyond it; the shape of a steady front makes it as good a place as any.
double place_of_front(const std::vector<double> &x, const std::size_t beyond)
{
  return x[x.size() - beyond];
}

/// Agents beyond the last bin that is nearly as full as the colony is behind the front.
std::size_t in_front_zone(const std::vector<double> &x)
{
  std::vector<double> count(static_cast<std::size_t>(length / bin) + 1, 0.0);
  for (const double place : x)
    count[static_cast<std::size_t>(place / bin)] += 1.0;
  const auto half = static_cast<std::size_t>(0.5 * x.back() / bin);
  const double behind = std::accumulate(count.begin(), count.begin() + half, 0.0) / half;
  std::size_t k = count.size();
  while (count[k - 1] < 0.9 * behind)
    --k;
  return x.end() - std::lower_bound(x.begin(), x.end(), k * bin);
}

/// Slope of a straight line through (t, x).
double regression(const std::vector<double> &t, const std::vector<double> &x)
{
  double tm = 0.0, xm = 0.0, tt = 0.0, tx = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i)
  {
    tm += t[i] / t.size();
    xm += x[i] / t.size();
  }
  for (std::size_t i = 0; i < t.size(); ++i)
  {
    tt += (t[i] - tm) * (t[i] - tm);
    tx += (t[i] - tm) * (x[i] - xm);
  }
  return tx / tt;
}

/// Agents start in the first 100 um of a column of the given width; speed and size of the front.
template <int dim>
void check_front(const double width, const double capacity, const std::size_t n_founders)
{
  std::vector<double> size(dim, width);
  size[0] = length;
  const Organ<dim> organ(MPI_COMM_WORLD, test::block(size, width));
  AgentBox<dim> box(organ, colonists(capacity));
  dealii::Point<dim> upper;
  for (unsigned int d = 0; d < dim; ++d)
    upper[d] = d == 0 ? 100.0 : width;
  box.fill(n_founders, dealii::Point<dim>(), upper);

  const auto nothing = Landscape<dim>::flat();
  constexpr std::size_t beyond = 300;
  std::vector<double> time, place;
  double zone = 0.0;
  for (double t = 0.0; t < 30.0 / rate; t += step)
  {
    box.react(nothing, step);
    box.move(nothing, step);
    if (t < 10.0 / rate)
      continue;
    const auto x = box.along_first_axis();
    time.push_back(t);
    place.push_back(place_of_front(x, beyond));
    zone += static_cast<double>(in_front_zone(x));
  }
  zone /= time.size();
  REQUIRE(box.along_first_axis().back() < length - 100.0);
  // At most one division in a step: the growth is that of the discrete process.
  const double growth = std::log(2.0 - std::exp(-rate * step)) / step;
  const double diffusivity = speed * speed * persistence / dim;
  const double deterministic = 2.0 * std::sqrt(diffusivity * growth);
  const double expected = deterministic * (1.0 - M_PI * M_PI / (2.0 * std::pow(std::log(zone), 2)));
  const double seen = regression(time, place);
  test::measured("B8", std::to_string(dim) + "-D: agents in the front zone", zone, ">= 1000");
  test::measured("B8", std::to_string(dim) + "-D: speed of the front of agents [um/min]", seen, expected);
  INFO("speed " << seen << ", expected " << expected << ", of a continuum " << deterministic << "; " << zone
                << " agents in the front zone, " << box.population.size() << " in all");
  CHECK(zone >= 1000.0);
  CHECK(seen == Approx(expected).epsilon(0.1));
}
} // namespace

TEST_CASE("B8: the front of dividing agents in a strip", "[agents][B8]")
{
  check_front<2>(100.0, 160.0, 1200);
}
