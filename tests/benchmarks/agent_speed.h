#pragma once

#include "agent_problem.h"

namespace nidus::benchmark
{
/// Wall seconds of one step of all agents, each part alone.
struct AgentSpeed
{
  double sampling = 0.0; ///< values and gradients for the walk
  double transitions = 0.0, motility = 0.0, relocation = 0.0, sorting = 0.0, deposition = 0.0;
  double full_step = 0.0; ///< all but sampling, which is in the motility
};

/// Collective. Means of @p repeats.
AgentSpeed measure_steps(AgentProblem &problem, unsigned int repeats);
/// Collective. One substep of mechanics with all it needs (halo, grid, displacement), median of @p repeats, s.
double measure_mechanics(AgentProblem &problem, unsigned int repeats);

/// Collective. A displacement by a hundredth of a cell and the new places in the mesh, median, s.
double measure_relocation(AgentProblem &problem, unsigned int repeats);

struct HandOver
{
  double seconds = 0.0;    ///< of one step
  std::uint64_t moved = 0; ///< agents that change their rank in it, of all ranks
};

/// Collective. Steps in which half of the agents jump to the opposite side of the cube.
HandOver measure_hand_over(AgentProblem &problem, unsigned int repeats);

/// Sorting of as many particles into their cells by deal.II's ParticleHandler after a small displacement, s.
double measure_particle_handler(AgentProblem &problem, unsigned int repeats);
} // namespace nidus::benchmark
