// Sub-models against their equations, against the walk of the program, and against draws.

#include "agents/motility.h"
#include "calibration/draws.h"
#include "control/input_error.h"
#include "sub_models/registry.h"
#include "unit/test_io_folder.h"

#include <gsl/gsl_cdf.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace nidus;

namespace
{
using Numbers = std::vector<double>;

double told(const std::string &model, const std::string &output, const Numbers &arguments, const double x)
{
  // GCC 14 warns of a temporary.
  const std::string entry = "Sub-model";
  const auto &chosen = sub_model(model, entry);
  REQUIRE(arguments.size() == chosen.arguments.size());
  return chosen.output(output, "Output").at(arguments, x);
}

/// Of an output by its x.
double slope(const std::string &model, const std::string &output, const Numbers &arguments, const double x)
{
  const double h = 1e-3 * x;
  return (told(model, output, arguments, x + h) - told(model, output, arguments, x - h)) / (2.0 * h);
}

struct Sample
{
  double sum = 0.0, square = 0.0, n = 0.0;
  void add(const double value)
  {
    sum += value;
    square += value * value;
    n += 1.0;
  }
  double mean() const { return sum / n; }
  double deviation() const { return std::sqrt(square / n - mean() * mean()); }
  double error() const { return deviation() / std::sqrt(n); }
};
} // namespace

TEST_CASE("Sub-models are found by their name, and others are refused with what there is", "[sub_models]")
{
  for (const auto &model : sub_models())
  {
    CHECK(&sub_model(model.name, "entry") == &model);
    CHECK(sub_model_reference().find("# " + model.name + ":") != std::string::npos);
  }
  const auto fault = test::fault_of<InputError>([] { sub_model("chemotaxi", "Observables/a/Sub-model"); });
  CHECK(fault.find("Observables/a/Sub-model") != std::string::npos);
  CHECK(fault.find("survival chain") != std::string::npos);
}

TEST_CASE("Drift is fastest where the sub-model says, at 2 K / L", "[sub_models]")
{
  const Numbers cell = {6.0, 50.0, 15.0, 900.0};
  CHECK(told("chemotaxis", "occupancy", cell, 50.0) == Approx(0.5));
  const double peak = told("chemotaxis", "gradient of fastest drift", cell, 0.0);
  CHECK(peak == Approx(111.1).epsilon(1e-3));
  const double greatest = told("chemotaxis", "velocity", cell, peak);
  for (const double away : {0.9, 1.1})
    CHECK(told("chemotaxis", "velocity", cell, away * peak) < greatest);
  // chi 2R g K / (C + K)^2 with C = K.
  CHECK(greatest == Approx(6.0 * 15.0 * 0.1111 / 200.0).epsilon(1e-3));
}

TEST_CASE("The formulas of the persistent walk are those of the walk of agents", "[sub_models]")
{
  const Numbers walk = {0.3, 0.5, 12.0};
  for (const double interval : {5.0, 15.0, 60.0})
  {
    const WalkStep step(walk[2], interval);
    Draws draws(7, static_cast<std::uint64_t>(interval));
    Sample speeds, squares, products;
    for (unsigned int i = 0; i < 40000; ++i)
    {
      const double deviation = walk[0] * std::exp(walk[1] * draws.normal()) / std::sqrt(3.0);
      double above = 0.0, square = 0.0, product = 0.0;
      for (unsigned int d = 0; d < 3; ++d)
      {
        const double velocity = deviation * draws.normal(), first = draws.normal(), second = draws.normal();
        const double way =
            velocity * step.carried + deviation * (step.displacement_tied * first + step.displacement_free * second);
        const double after = velocity * step.memory + deviation * step.velocity_noise * first;
        above += d < 2 ? way * way : 0.0;
        square += way * way;
        product += velocity * after;
      }
      speeds.add(std::sqrt(above) / interval);
      squares.add(square);
      products.add(product);
    }
    CHECK(std::abs(speeds.mean() - told("persistent walk", "mean speed seen from above", walk, interval)) <
          4.0 * speeds.error());
    CHECK(std::abs(squares.mean() - told("persistent walk", "mean square displacement", walk, interval)) <
          4.0 * squares.error());
    CHECK(std::abs(products.mean() - told("persistent walk", "velocity autocorrelation", walk, interval)) <
          4.0 * products.error());
  }
  // The deviation between cells is that of their speed alone, as over many pictures.
  CHECK(told("persistent walk", "deviation of speeds seen from above", walk, 15.0) /
            told("persistent walk", "mean speed seen from above", walk, 15.0) ==
        Approx(std::sqrt(std::exp(0.25) - 1.0)));
}

TEST_CASE("Exchange, mobilisation and assembly fulfil their equations", "[sub_models]")
{
  const Numbers tissue = {2e-3, 0.25, 0.012, 1e-5, 0.0015};
  for (const double time : {20.0, 300.0})
  {
    const double level = told("vascular exchange", "tissue level", tissue, time);
    CHECK(0.25 * slope("vascular exchange", "tissue level", tissue, time) ==
          Approx(2e-3 * (0.0015 - level) - 0.25 * 0.012 * level + 1e-5).epsilon(1e-4));
  }
  CHECK(told("vascular exchange", "steady tissue over blood", tissue, 0.0) * 0.0015 ==
        Approx(told("vascular exchange", "tissue level", tissue, 1e6)));

  const Numbers drug = {2.6, 0.05, 240.0, 0.3, 502.8, 240.0, 20.0, 50.0, 20.0};
  CHECK(told("mobilisation", "circulating cells", drug, 0.0) == 2.6);
  CHECK(told("mobilisation", "circulating cells", drug, 1e5) == Approx(2.6));
  for (const double time : {30.0, 300.0, 900.0})
  {
    const double level = told("mobilisation", "drug level", drug, time);
    const double cells = told("mobilisation", "circulating cells", drug, time);
    CHECK(slope("mobilisation", "circulating cells", drug, time) ==
          Approx(0.05 * (2.6 * (1.0 + 20.0 * level / (level + 50.0)) - cells)).epsilon(1e-4).margin(1e-7));
  }

  const Numbers niche = {2e-4, 5e-4, 3e-4, 100.0, 7200.0};
  for (const double time : {1440.0, 10000.0})
  {
    const double fibronectin = told("niche assembly", "fibronectin", niche, time);
    CHECK(slope("niche assembly", "fibronectin", niche, time) ==
          Approx(5e-4 * (1.0 - std::exp(-2e-4 * time)) * (1.0 - fibronectin) - 3e-4 * fibronectin).epsilon(1e-4));
    CHECK(slope("niche assembly", "progenitors", niche, time) ==
          Approx((1.0 + 100.0 * fibronectin - told("niche assembly", "progenitors", niche, time)) / 7200.0)
              .epsilon(1e-4));
    CHECK(std::abs(told("niche assembly", "time to fibronectin", niche, fibronectin) - time) < 0.2);
  }
  CHECK(std::isnan(told("niche assembly", "time to fibronectin", niche, 0.99)));
}

TEST_CASE("The shares of the survival chain are those of cells that are followed one by one", "[sub_models]")
{
  // params/modules/injected_cells.prm; it takes two steps there to decide.
  const Numbers rates = {7e-4, 1.75e-4, 3.07e-3, 3e-4 / 6.3e-3, 5.5e-5, 961.5, 0.01};
  const auto share = [&](const char *output, const double time) { return told("survival chain", output, rates, time); };
  CHECK(share("alive", 0.0) == Approx(1.0));
  CHECK(share("extravasated", 1e6) == Approx(0.8));
  CHECK(share("colonies of four", 1e6) == Approx(0.8 / 21.0));
  CHECK(share("lasting colonies", 18720.0) == Approx(0.01 * share("colonies of four", 18720.0)));

  Draws draws(13, 1);
  const auto waiting = [&](const double rate) { return -std::log(draws.uniform()) / rate; };
  for (const double time : {4320.0, 18720.0})
  {
    Sample alive, alone, colonies;
    for (unsigned int i = 0; i < 40000; ++i)
    {
      const double leaves = waiting(rates[0]), dies = waiting(rates[1]), decides = leaves + waiting(rates[2]);
      const bool grows = draws.uniform() < rates[3];
      double divides = decides, colony = decides, dies_alone = decides + waiting(rates[4]);
      for (unsigned int stage = 0; stage < 8; ++stage)
      {
        const double wait = waiting(4.0 / rates[5]);
        divides += stage < 4 ? wait : 0.0;
        colony += wait;
      }
      const bool lost = dies < leaves;
      const bool there = lost ? time < dies : grows || time < decides || time < dies_alone;
      alive.add(there ? 1.0 : 0.0);
      alone.add(there && !lost && time > leaves && !(grows && time > divides) ? 1.0 : 0.0);
      colonies.add(!lost && grows && time > colony ? 1.0 : 0.0);
    }
    CHECK(std::abs(alive.mean() - share("alive", time)) < 4.0 * alive.error());
    CHECK(std::abs(alone.mean() - share("alone", time)) < 4.0 * alone.error());
    CHECK(std::abs(colonies.mean() - share("colonies of four", time)) < 4.0 * colonies.error());
  }
}

TEST_CASE("The greatest number of nodules among animals is that of draws", "[sub_models]")
{
  Numbers animals = {3e-8, 2.3e-5, 2e6, 1440.0, 5e9, 50400.0, 7200.0, 0.8};
  const double mean = told("nodule counts", "mean", animals, 0.0);
  CHECK(told("nodule counts", "greatest number", animals, 1.0) == Approx(mean).epsilon(1e-3));
  CHECK(told("nodule counts", "variance over mean", animals, 0.0) == Approx(1.0 + mean * (std::exp(0.64) - 1.0)));

  Draws draws(3, 1);
  Sample sample;
  for (unsigned int i = 0; i < 2000; ++i)
  {
    double greatest = 0.0;
    for (unsigned int animal = 0; animal < 12; ++animal)
    {
      const double of_animal = mean * std::exp(0.8 * draws.normal() - 0.32), level = draws.uniform();
      unsigned int count = 0;
      while (gsl_cdf_poisson_P(count, of_animal) < level)
        ++count;
      greatest = std::max(greatest, static_cast<double>(count));
    }
    sample.add(greatest);
  }
  CHECK(std::abs(sample.mean() - told("nodule counts", "greatest number", animals, 12.0)) < 4.0 * sample.error());

  // Shedding and founding are one number.
  animals[0] *= 100.0;
  animals[1] /= 100.0;
  CHECK(told("nodule counts", "mean", animals, 0.0) == Approx(mean));
  // Founded too late to be seen.
  animals[6] = 60000.0;
  CHECK(told("nodule counts", "mean", animals, 0.0) == 0.0);
}
