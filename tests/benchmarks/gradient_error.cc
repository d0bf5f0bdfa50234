#include "gradient_error.h"

#include "agent_problem.h"
#include "agents/random_direction.h"
#include "field_world.h"

#include <algorithm>
#include <cmath>

namespace nidus::benchmark
{
std::array<double, 3> measure_gradient_angles()
{
  constexpr double side = 1000.0, cell = 20.0;
  constexpr unsigned int directions = 2001;
  FieldsParameters parameters;
  parameters.fields = {test::field("sdf1", 6000.0, 0.1)};
  parameters.fields[0].quasi_steady = true;
  auto organ = test::block({side, side, side}, cell);
  organ.refinements = 1;
  test::FieldWorld<3> world(organ, parameters);
  const dealii::Point<3> source(side / 2, side / 2, side / 2);
  world.add_source(0, source, 1000.0 / world.fields.amount_unit(0));
  world.advance(1.0);

  AgentTypeParameters type;
  type.name = "csc";
  type.speed = 0.2;
  type.states.resize(1);
  type.states[0].name = "moving";
  ReceptorParameters receptor;
  receptor.name = "cxcr4";
  receptor.ligands = {{"sdf1", 1.0}};
  receptor.sensitivity = 1.0;
  type.receptors = {receptor};
  AgentParameters agents;
  agents.types = {type};
  agents.resolve({{"sdf1"}, {}, {"parenchyma"}});

  const CellLocator<3> locator(world.organ);
  const CellNodes<3> nodes(world.fields, locator);
  Sampling<3> sampling(world.fields, locator, nodes, agents);
  sampling.fields_changed({});
  std::array<double, 3> medians{};
  const double radii[] = {50.0, 100.0, 200.0};
  for (unsigned int r = 0; r < 3; ++r)
  {
    AgentPopulation<3> population;
    for (std::uint64_t i = 0; i < directions; ++i)
    {
      AgentRecord<3> agent;
      agent.key = i + 1;
      agent.position = source + radii[r] * random_direction<3>({1, i, r, random::Purpose::seeding_position});
      const auto place = locator.locate(agent.position);
      if (place.found() && locator.is_owned(place.cell))
        population.append(agent, place.cell, place.reference);
    }
    Surroundings<3> seen;
    sampling.look(population, 0, population.size(), Question::where_to_go, seen);
    std::vector<double> here;
    for (std::size_t i = 0; i < population.size(); ++i)
    {
      const auto truth = source - population.position[i];
      const auto &gradient = *seen.gradients_of(i);
      const double cosine = truth * gradient / (truth.norm() * gradient.norm());
      here.push_back(std::acos(std::clamp(cosine, -1.0, 1.0)) * 180.0 / dealii::numbers::PI);
    }
    std::vector<double> angles;
    for (const auto &part : dealii::Utilities::MPI::all_gather(MPI_COMM_WORLD, here))
      angles.insert(angles.end(), part.begin(), part.end());
    std::nth_element(angles.begin(), angles.begin() + directions / 2, angles.end());
    medians[r] = angles[directions / 2];
  }
  return medians;
}
} // namespace nidus::benchmark
