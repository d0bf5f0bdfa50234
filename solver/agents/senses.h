#pragma once

#include "agents/agent_population.h"

#include <vector>

namespace nidus
{
/// What the fields offer at some agents of a population that follow each other.
/// Field s of agent i is value[(i - first) * n_fields + s].
template <int dim>
struct Surroundings
{
  unsigned int n_fields = 0;
  std::size_t first = 0;                        ///< the first agent
  std::vector<double> value;                    ///< in the unit of the field
  std::vector<dealii::Tensor<1, dim>> gradient; ///< of fields that some type of agent follows; of others zero
  std::vector<double> blood;                    ///< level of each blood factor, nM

  const double *values_of(std::size_t agent) const { return value.data() + (agent - first) * n_fields; }
  const dealii::Tensor<1, dim> *gradients_of(std::size_t agent) const
  {
    return gradient.data() + (agent - first) * n_fields;
  }
};

/// What agents ask of their surroundings.
enum class Question
{
  what_is_here, ///< values alone, at every agent
  where_to_go   ///< values and gradients, at agents that crawl (AgentTypeParameters::crawls); the others learn nothing
};

/// Through which agents know their surroundings: the fields are in another room.
template <int dim>
class Senses
{
public:
  virtual ~Senses() = default;

  /// Fills @p surroundings for the agents @p begin to @p end - 1.
  virtual void look(const AgentPopulation<dim> &population, std::size_t begin, std::size_t end, Question question,
                    Surroundings<dim> &surroundings) const = 0;
};
} // namespace nidus
