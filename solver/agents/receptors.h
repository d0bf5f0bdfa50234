#pragma once

#include "agents/agent_rules.h"

#include <deal.II/base/tensor.h>

#include <cstdint>

/**
 * Receptors that follow their ligand at once: bound fraction s / (K + s) of the sensed concentration s = sum of weight
 * * ligand.
 *
 * Drugs change K and the number. Agents differ in the number: it is lognormal with the parameter as its median, and
 * a function of the agent's key. What an agent senses is its *bound receptors*, so both the occupancy signal and the
 * drift count them relative to the number of the type: half the receptors give half the signal.
 * Agents with full kinetics remember their receptors: agents/receptor_kinetics.
 */
namespace nidus
{
/// A receptor of one agent, after drugs and heterogeneity.
struct EffectiveReceptor
{
  double dissociation_constant; ///< nM
  double number;                ///< per cell
  double relative_number;       ///< number over the number of the type
};

EffectiveReceptor effective_receptor(const AgentRules &rules, int type, int receptor, std::uint64_t key);

/// Sum of weight * ligand, nM; never negative. @p values are the fields at the agent.
double sensed_concentration(const ReceptorParameters &receptor, const double *values);

/// Bound receptors over the receptor number of the type.
double occupancy(const EffectiveReceptor &effective, double sensed);

/// Bound receptors of a cell, molecules.
double bound_receptors(const EffectiveReceptor &effective, double sensed);

/// Difference of occupancy over the diameter of the agent along the gradient: 2R grad(s) K / (K + s)^2, zero below
/// the threshold of the receptor.
template <int dim>
dealii::Tensor<1, dim> occupancy_difference(const ReceptorParameters &receptor, const EffectiveReceptor &effective,
                                            double diameter, const double *values,
                                            const dealii::Tensor<1, dim> *gradients);

/// Uptake of the consumed ligand c by one agent is this times c: k_e R w / (K + s) times the cells represented, in
/// molecules/(min nM). With the implicit c of the next step it is the linearisation of the fields. Zero without one.
double uptake_coefficient(const AgentRules &rules, int type, int receptor, std::uint64_t key, const double *values);
} // namespace nidus
