#include "point_source.h"

#include "field_world.h"
#include "timing.h"

namespace nidus::benchmark
{
namespace
{
constexpr double diffusivity = 6000.0, loss = 0.1, cell = 20.0, side = 1000.0, strength = 1000.0, duration = 120.0;
constexpr int images = 4;

/// Sum over the mirror images of exp(-r/L) / (4 pi D r).
double yukawa(const dealii::Point<3> &place)
{
  const double length = std::sqrt(diffusivity / loss);
  double sum = 0.0;
  for (int i = -images; i <= images; ++i)
    for (int j = -images; j <= images; ++j)
      for (int k = -images; k <= images; ++k)
      {
        const double r = place.distance(dealii::Point<3>((i + 0.5) * side, (j + 0.5) * side, (k + 0.5) * side));
        sum += std::exp(-r / length) / (4.0 * dealii::numbers::PI * diffusivity * r);
      }
  return strength * sum;
}
} // namespace

PointSource measure_point_source(const double step, const double gauss_share, const double refined_radius)
{
  FieldsParameters parameters;
  parameters.fields = {test::field("ligand", diffusivity, loss)};
  parameters.fields[0].quasi_steady = step == 0.0;
  parameters.solver.gauss_share = gauss_share;
  auto organ = test::block({side, side, side}, cell);
  organ.refinements = 1;
  const dealii::Point<3> middle(side / 2, side / 2, side / 2);
  if (refined_radius > 0.0)
    organ.balls.push_back({{middle[0], middle[1], middle[2]}, refined_radius, 1, "the source"});
  test::FieldWorld<3> world(organ, parameters);
  world.add_source(0, middle, strength / world.fields.amount_unit(0));

  PointSource result;
  result.step = step;
  result.nodes = static_cast<double>(world.fields.n_nodes());
  const double start = now();
  const auto system = std::make_unique<MultigridSystem<3>>(world.fields);
  result.seconds = now() - start;
  const double ready = now();
  for (double time = 0.0; time < duration - 1e-9 && (step > 0.0 || time == 0.0); time += step > 0.0 ? step : duration)
    world.advance(step > 0.0 ? step : 1.0);
  result.seconds += now() - ready;

  double squares = 0.0, truths = 0.0;
  const double *u = nullptr;
  VecGetArrayRead(world.fields.state, &u);
  world.for_each_node([&](const auto &place, const unsigned int node) {
    const double r = place.distance(middle);
    if (r < 40.0 - 1e-9 || r > 300.0 + 1e-9 || world.fields.tissue_volume[node] == 0.0)
      return;
    const double truth = yukawa(place);
    squares += (u[node] - truth) * (u[node] - truth);
    truths += truth * truth;
    const auto d = place - middle;
    if (std::abs(d[0] - 100.0) + std::abs(d[1]) + std::abs(d[2]) < 1e-6)
      result.axis = u[node] / truth - 1.0;
    if (std::abs(d[0] - 60.0) + std::abs(d[1] - 60.0) + std::abs(d[2] - 60.0) < 1e-6)
      result.diagonal = u[node] / truth - 1.0;
  });
  VecRestoreArrayRead(world.fields.state, &u);
  result.error = std::sqrt(squares / truths);
  result.mass = world.fields.amounts()[0] * world.fields.amount_unit(0) * loss / strength - 1.0;
  return result;
}
} // namespace nidus::benchmark
