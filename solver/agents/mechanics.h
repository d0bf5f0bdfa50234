#pragma once

#include "agents/agent_parameters.h"
#include "agents/neighbourhood.h"

#include <deal.II/base/tensor.h>

#include <vector>

/**
 * Soft spheres without inertia: agents push each other apart where they overlap, and attract each other a little
 * beyond. With d the distance of the centres, r = Ri + Rj and r_A = range * r, agent i moves away from j at
 * a_R (1 - d/r)^2 for d < r, and towards it at a_A (1 - d/r_A)^2 for d < r_A (form and numbers of PhysiCell).
 * States multiply a_A with their adhesion factors. Drag is contained in a_R and a_A, um/min.
 */
namespace nidus
{
class Mechanics
{
public:
  explicit Mechanics(const AgentParameters &parameters);

  /// Beyond this distance agents do not act on each other, um; 0: no agent is ever displaced.
  double reach() const { return greatest_reach; }

  /// Per type: whether its agents push. Others need not be in the neighbourhood.
  const std::vector<char> &types_taking_part() const { return takes_part; }

  /// Per type: whether its agents are pushed. Cells that do not crawl are obstacles, except tumour cells.
  const std::vector<char> &types_displaced() const { return displaced; }

  /// Velocity of each owned agent by the forces of its neighbours, um/min; zero for those that are not displaced.
  template <int dim>
  std::vector<dealii::Tensor<1, dim>> velocities(const Neighbourhood<dim> &neighbourhood) const;

  /// Sum over overlapping neighbours of (1 - d/r)^2, dimensionless: how much an owned agent is compressed.
  /// The search is one in the grid of the neighbourhood.
  template <int dim>
  double pressure(const Neighbourhood<dim> &neighbourhood, std::size_t agent,
                  typename NeighbourGrid<dim>::Search &search) const;

private:
  struct PairLaw
  {
    double repulsion = 0.0, adhesion = 0.0;     ///< um/min
    double contact_distance = 1.0, range = 1.0; ///< um
  };
  /// A kind is a type in one of its states. Laws of one kind with all kinds.
  const PairLaw *laws_of(int type, int state) const { return &pairs[(first_kind[type] + state) * n_kinds]; }

  std::vector<PairLaw> pairs;
  std::vector<int> first_kind; ///< per type
  int n_kinds = 0;
  std::vector<char> takes_part, displaced;
  double greatest_reach, greatest_contact = 0.0;
};
} // namespace nidus
