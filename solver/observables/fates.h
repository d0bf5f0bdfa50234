#pragma once

#include "agents/agent_event.h"
#include "agents/agent_population.h"
#include "observables/observable_parameters.h"
#include "observables/observed.h"

#include <nlohmann/json.hpp>

#include <mpi.h>

#include <cstdint>
#include <map>
#include <vector>

namespace nidus
{
/**
 * What has become of the founders, the agents of given types that were seeded or have arrived: from the events of all
 * steps and the founders that living agents descend from (AgentPopulation::founder).
 *
 * All functions are collective; rank 0 keeps the accounts.
 */
class Fates
{
public:
  /// The parameters are referred to.
  explicit Fates(const FateParameters &parameters) : parameters(parameters) {}

  /// Events of a macro step that ended at @p time (min).
  void take(MPI_Comm comm, const std::vector<AgentEvent> &events, double time);

  static std::vector<ObservedColumn> columns();

  /// On rank 0: their number; the parts that live or have living descendants, that are themselves in a dormant state,
  /// that have ever been engaged; median and mean time (min) from appearance to the first engagement of those. Parts of
  /// nothing are not numbers.
  template <int dim>
  std::vector<double> look(MPI_Comm comm, const AgentPopulation<dim> &population) const;

  /// For checkpoints, on rank 0.
  nlohmann::json state() const;
  void restore(const nlohmann::json &state);

private:
  struct Founder
  {
    double appeared = 0.0;       ///< min
    double engaged_after = -1.0; ///< min; negative: has not been
  };

  const FateParameters &parameters;
  std::map<std::uint64_t, Founder> founders; ///< by key, on rank 0
};
} // namespace nidus
