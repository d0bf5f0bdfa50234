#pragma once

#include "agent_problem.h"

namespace nidus::benchmark
{
/// Wall seconds of one step of all agents, each part alone; zero where a part was not measured.
struct AgentSpeed
{
  double sampling = 0.0, motility = 0.0, relocation = 0.0, transitions = 0.0, deposition = 0.0;
  double full_step = 0.0; ///< the five parts above one after the other
  double grid = 0.0;      ///< halo and neighbour grid
  double mechanics = 0.0; ///< one substep: halo, neighbour grid, forces, displacement
  double hand_over = 0.0; ///< per step in which every agent changes its rank
};

/// Collective. Medians of @p repeats; the problem is used up.
AgentSpeed measure_steps(AgentProblem &problem, unsigned int repeats);
double measure_mechanics(AgentProblem &problem, unsigned int repeats);

/// Sorting of as many particles into their cells by deal.II's ParticleHandler after a small displacement, s.
double measure_particle_handler(AgentProblem &problem, unsigned int repeats);

/// Bytes of the containers that hold an agent: population, surroundings, displacement, neighbour grid.
double bytes_per_agent(AgentProblem &problem);
} // namespace nidus::benchmark
