#include "agents/receptors.h"

#include "control/random.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
EffectiveReceptor effective_receptor(const AgentRules &rules, const int type, const int receptor,
                                     const std::uint64_t key)
{
  const auto &parameters = rules.type(type).receptors[receptor];
  double relative = rules.modifiers.number(type, receptor);
  if (parameters.number_spread > 0.0)
  {
    // Block 0 of the stream belongs to speed and persistence.
    const auto z = random::normal({rules.seed, key, 0, random::Purpose::heterogeneity},
                                  1 + static_cast<std::uint32_t>(receptor) / 4);
    relative *= std::exp(parameters.number_spread * z[receptor % 4]);
  }
  return {parameters.affinity() * rules.modifiers.dissociation(type, receptor), parameters.number * relative, relative};
}

double sensed_concentration(const ReceptorParameters &receptor, const double *values)
{
  double sensed = 0.0;
  for (const auto &[field, weight] : receptor.ligand_fields)
    sensed += weight * values[field];
  return std::max(sensed, 0.0);
}

double occupancy(const EffectiveReceptor &effective, const double sensed)
{
  return effective.relative_number * sensed / (effective.dissociation_constant + sensed);
}

double bound_receptors(const EffectiveReceptor &effective, const double sensed)
{
  return effective.number * sensed / (effective.dissociation_constant + sensed);
}

template <int dim>
dealii::Tensor<1, dim> occupancy_difference(const ReceptorParameters &receptor, const EffectiveReceptor &effective,
                                            const double diameter, const double *values,
                                            const dealii::Tensor<1, dim> *gradients)
{
  dealii::Tensor<1, dim> gradient;
  for (const auto &[field, weight] : receptor.ligand_fields)
    gradient += weight * gradients[field];
  const double constant = effective.dissociation_constant;
  const double half = constant + sensed_concentration(receptor, values);
  const auto difference = (effective.relative_number * diameter * constant / (half * half)) * gradient;
  return difference.norm() < receptor.threshold ? dealii::Tensor<1, dim>() : difference;
}

double uptake_coefficient(const AgentRules &rules, const int type, const int receptor, const std::uint64_t key,
                          const double *values)
{
  const auto &parameters = rules.type(type).receptors[receptor];
  if (parameters.consumed_field < 0 || parameters.internalisation_rate <= 0.0)
    return 0.0;
  const auto effective = effective_receptor(rules, type, receptor, key);
  return rules.type(type).cells_represented * parameters.internalisation_rate * effective.number *
         parameters.consumed_weight / (effective.dissociation_constant + sensed_concentration(parameters, values));
}

template dealii::Tensor<1, 2> occupancy_difference<2>(const ReceptorParameters &, const EffectiveReceptor &, double,
                                                      const double *, const dealii::Tensor<1, 2> *);
template dealii::Tensor<1, 3> occupancy_difference<3>(const ReceptorParameters &, const EffectiveReceptor &, double,
                                                      const double *, const dealii::Tensor<1, 3> *);
} // namespace nidus
