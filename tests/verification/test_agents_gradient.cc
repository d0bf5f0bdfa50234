// B6 and B6b: where agents are in a fixed gradient between walls, and how they get there.
//
// The walk about a bias v_b(x) = chi(c) c', chi = 2 R alpha K / (K + c)^2, is Langevin's equation with the friction
// 1/tau: for any persistence time tau its stationary density is exp(int v_b / D_n), with velocities that are the same
// Gaussian at every place. What is left is the step, as the bias is that at its start: over a step proportional to tau
// the error goes to zero with tau at fixed D_n = v0^2 tau / d.

#include "../agent_box.h"
#include "measured.h"

#include <catch2/catch.hpp>

using namespace nidus;
using nidus::test::AgentBox;
using nidus::test::Landscape;
using nidus::test::Sample;

namespace
{
constexpr double side = 60.0;                          // um, of the box
constexpr double affinity = 25.0, greatest = 50.0;     // nM: K, and c at x = side
constexpr double slope = greatest / side;              // nM/um
constexpr double diffusivity = 1.0, sensitivity = 0.4; // um^2/min, um/min
constexpr double diameter = 15.0;                      // um
constexpr double exponent = diameter * sensitivity / diffusivity;

double concentration(const double x)
{
  return slope * x;
}

double occupancy(const double x)
{
  return concentration(x) / (affinity + concentration(x));
}

constexpr double width = 16.0 * side; ///< um: agents start in the middle, seven standard deviations from the walls

template <int dim>
OrganParameters wide_block()
{
  std::vector<double> size(dim, width);
  size[0] = side;
  return test::block(size, side / 2.0);
}

/// Agents start below @p upper along the gradient, and in the middle of the block across it.
template <int dim>
void fill(AgentBox<dim> &box, const std::size_t n, const double upper)
{
  dealii::Point<dim> first, last;
  for (unsigned int d = 0; d < dim; ++d)
    first[d] = last[d] = 0.5 * width;
  first[0] = 0.0;
  last[0] = upper;
  box.fill(n, first, last);
}

/// The field of the tests: rises along the first axis.
template <int dim>
Landscape<dim> ramp()
{
  dealii::Tensor<1, dim> gradient;
  gradient[0] = slope;
  return {[](const auto &place) { return concentration(place[0]); }, [gradient](const auto &) { return gradient; }};
}

/// Walkers of the given persistence length in units of the side; their diffusivity is always the same.
template <int dim>
AgentParameters walkers(const double persistence_length)
{
  // v0 tau = l and v0^2 tau / d = D_n.
  const double speed = dim * diffusivity / (persistence_length * side);
  AgentParameters agents;
  agents.types = {test::climber(speed, persistence_length * side / speed, sensitivity, affinity)};
  return agents;
}

/// Fraction of agents below x that B6 says, at each x of a fine grid.
class Stationary
{
public:
  Stationary() : below(n + 1, 0.0)
  {
    // Simpson's rule in each interval.
    for (unsigned int i = 0; i < n; ++i)
      below[i + 1] = below[i] + density(i) + 4.0 * density(i + 0.5) + density(i + 1.0);
    for (auto &value : below)
      value /= below[n];
  }
  double operator()(const double x) const
  {
    const double place = x / side * n;
    const auto i = std::min<std::size_t>(n - 1, static_cast<std::size_t>(place));
    return below[i] + (place - i) * (below[i + 1] - below[i]);
  }

private:
  static constexpr unsigned int n = 2000;
  static double density(const double i) { return std::exp(exponent * occupancy(i * side / n)); }
  std::vector<double> below;
};

/// Greatest distance between the distribution of the sorted sample @p x and @p law, of Kolmogorov and Smirnov.
template <typename Law>
double distance(const std::vector<double> &x, const Law &law)
{
  double greatest_distance = 0.0;
  const double n = static_cast<double>(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    greatest_distance = std::max({greatest_distance, law(x[i]) - i / n, (i + 1) / n - law(x[i])});
  return greatest_distance;
}

/// Below this distance with the probability 0.9973, as three standard deviations: sqrt(ln(2/0.0027)/(2n)).
double greatest_chance(const std::size_t n)
{
  return std::sqrt(0.5 * std::log(2.0 / 0.0027) / static_cast<double>(n));
}

/// Agents that start uniform, after so many times the slowest relaxation side^2/(pi^2 D_n).
template <int dim>
AgentBox<dim> relaxed(const Organ<dim> &organ, const std::size_t n, const double persistence_length,
                      const double step_over_persistence)
{
  AgentBox<dim> box(organ, walkers<dim>(persistence_length));
  fill(box, n, side);
  const double dt = step_over_persistence * box.parameters.types[0].persistence_time;
  const double relaxation = side * side / (M_PI * M_PI * diffusivity);
  const auto field = ramp<dim>();
  for (double t = 0.0; t < 6.0 * relaxation; t += dt)
    box.move(field, dt);
  return box;
}
} // namespace

TEMPLATE_TEST_CASE_SIG("B6: agents in a gradient between walls have the stationary distribution", "[agents][B6]",
                       ((int dim), dim), 2, 3)
{
  constexpr std::size_t n = 20000;
  const Organ<dim> organ(MPI_COMM_WORLD, wide_block<dim>());
  const Stationary law;
  const double chance = greatest_chance(n);

  // The law differs from a uniform one by far more than chance.
  std::vector<double> uniform(n);
  for (std::size_t i = 0; i < n; ++i)
    uniform[i] = side * (i + 0.5) / n;
  CHECK(distance(uniform, law) > 10.0 * chance);

  std::vector<double> error;
  for (const double length : {0.5, 0.25, 0.06})
  {
    const auto box = relaxed<dim>(organ, n, length, 1.0);
    error.push_back(distance(box.along_first_axis(), law));
    char text[96];
    std::snprintf(text, sizeof text, "%d-D, v0 tau = %.2f sides: distance of the distributions", dim, length);
    test::measured("B6", text, error.back(), "< " + std::to_string(chance) + " by chance");
  }
  INFO("distances " << error[0] << " " << error[1] << " " << error[2] << ", by chance less than " << chance);
  // At least of first order in the persistence length; each distance is known up to chance.
  CHECK(error[0] > 2.0 * chance);
  CHECK(error[1] < error[0] / 2.0 + 1.5 * chance);
  CHECK(error[2] < chance);
}

TEMPLATE_TEST_CASE_SIG("B6: with short steps a long persistence changes nothing", "[agents][B6]", ((int dim), dim), 2,
                       3)
{
  constexpr std::size_t n = 10000;
  constexpr double length = 0.4;
  const Organ<dim> organ(MPI_COMM_WORLD, wide_block<dim>());
  const auto box = relaxed<dim>(organ, n, length, 0.01);
  const double seen = distance(box.along_first_axis(), Stationary());
  test::measured("B6", std::to_string(dim) + "-D, v0 tau = 0.40 sides, short steps: distance of the distributions",
                 seen, "< " + std::to_string(greatest_chance(n)) + " by chance");
  CHECK(seen < greatest_chance(n));

  // There is no current, and the drift does not make agents faster.
  std::vector<double> along, square;
  for (const auto &velocity : box.population.velocity)
  {
    along.push_back(velocity[0]);
    square.push_back(velocity.norm_square());
  }
  const double speed = box.parameters.types[0].speed;
  CHECK(std::abs(Sample(along).mean) < 3.0 * Sample(along).error);
  INFO("mean square velocity " << Sample(square).mean << " of " << speed * speed << ", error " << Sample(square).error);
  CHECK(std::abs(Sample(square).mean - speed * speed) < 3.0 * Sample(square).error);
}

namespace
{
/// The agents of B6b start below this place and are observed after this time.
constexpr double start = 0.3 * side, duration = 0.05 * side * side / diffusivity; // um, min
constexpr unsigned int n_bins = 20;

/// Fractions of agents in bins by dn/dt = d/dx (D_n dn/dx - v_b n) between walls: finite volumes, central fluxes.
std::vector<double> drift_diffusion(const double strength)
{
  constexpr unsigned int n = 20 * n_bins;
  constexpr double h = side / n;
  const auto n_steps = static_cast<unsigned int>(std::ceil(duration * diffusivity / (0.4 * h * h)));
  const double dt = duration / n_steps;
  std::vector<double> amount(n, 0.0), flux(n + 1, 0.0);
  for (unsigned int i = 0; i < n; ++i)
    amount[i] = std::max(0.0, std::min(1.0, start / h - i)) * h / start;
  for (unsigned int step = 0; step < n_steps; ++step)
  {
    for (unsigned int i = 1; i < n; ++i)
    {
      const double half = affinity + concentration(i * h);
      const double bias = strength * diameter * sensitivity * slope * affinity / (half * half);
      flux[i] = diffusivity * (amount[i - 1] - amount[i]) / (h * h) + bias * (amount[i - 1] + amount[i]) / (2.0 * h);
    }
    for (unsigned int i = 0; i < n; ++i)
      amount[i] += dt * (flux[i] - flux[i + 1]);
  }
  std::vector<double> bins(n_bins, 0.0);
  for (unsigned int i = 0; i < n; ++i)
    bins[i / (n / n_bins)] += amount[i];
  return bins;
}

double l1(const std::vector<double> &a, const std::vector<double> &b)
{
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i)
    sum += std::abs(a[i] - b[i]);
  return sum;
}
} // namespace

TEMPLATE_TEST_CASE_SIG("B6b: agents spread and drift as the equation of Keller and Segel says", "[agents][B6b]",
                       ((int dim), dim), 2, 3)
{
  constexpr std::size_t n = 40000;
  const Organ<dim> organ(MPI_COMM_WORLD, wide_block<dim>());
  AgentBox<dim> box(organ, walkers<dim>(0.03));
  fill(box, n, start);
  const double persistence = box.parameters.types[0].persistence_time;
  const auto n_steps = static_cast<unsigned int>(std::ceil(duration / persistence));
  const auto field = ramp<dim>();
  for (unsigned int step = 0; step < n_steps; ++step)
    box.move(field, duration / n_steps);

  std::vector<double> seen(n_bins, 0.0);
  for (const double x : box.along_first_axis())
    seen[std::min<std::size_t>(n_bins - 1, static_cast<std::size_t>(x / side * n_bins))] += 1.0 / n;
  const auto expected = drift_diffusion(1.0);
  // The L1 error of n independent draws: each bin is a normal number with the variance p (1 - p) / n, whose absolute
  // value has the mean sqrt(2/pi) and the variance 1 - 2/pi of it. Bins are taken as independent.
  double mean = 0.0, variance = 0.0;
  for (const double p : expected)
  {
    mean += std::sqrt(2.0 / M_PI * p * (1.0 - p) / n);
    variance += (1.0 - 2.0 / M_PI) * p * (1.0 - p) / n;
  }
  const double chance = mean + 3.0 * std::sqrt(variance);
  const double error = l1(seen, expected), without_drift = l1(seen, drift_diffusion(0.0));
  test::measured("B6b", std::to_string(dim) + "-D: L1 distance to the drift-diffusion equation", error,
                 "< " + std::to_string(chance) + " by chance; without drift " + std::to_string(without_drift));
  INFO("L1 " << error << ", by chance " << mean << " and less than " << chance << "; without drift " << without_drift);
  CHECK(error < chance);
  CHECK(without_drift > 5.0 * chance);
  // A tenth more or less of drift would be seen.
  CHECK(l1(expected, drift_diffusion(1.1)) > 2.0 * chance);
}
