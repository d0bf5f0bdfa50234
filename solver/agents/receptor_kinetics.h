#pragma once

#include "agents/agent_population.h"
#include "agents/agent_rules.h"

/**
 * Full receptor kinetics (model 2.4): free receptors R and bound ones C at the surface of a cell, and receptors I
 * inside,
 *
 *   dR/dt = k_syn - k_t R - k_on c R + k_off C + k_rec I
 *   dC/dt = k_on c R - (k_off + k_e) C
 *   dI/dt = k_e C + k_t R - (k_rec + k_deg) I
 *
 * in molecules per cell, with c the sensed concentration in nM. Internalised ligand, k_e C, is lost. At constant c the
 * equations are linear, and a step of any length is their exponential. An antagonist divides k_on by 1 + A/Ki.
 *
 * Numbers are kept per agent and full receptor in AgentPopulation::receptors.
 */
namespace nidus
{
/// Of one full receptor of one agent, molecules per cell.
struct ReceptorNumbers
{
  double free = -1.0;   ///< R; negative: the agent has not met a concentration yet
  double bound = 0.0;   ///< C
  double inside = 0.0;  ///< I
  double surplus = 0.0; ///< ligand that the field lost in a step beyond what receptors could bind in it

  bool started() const { return free >= 0.0; }
  double occupancy() const { return free + bound > 0.0 ? bound / (free + bound) : 0.0; }

  static constexpr unsigned int size = 4; ///< doubles per full receptor
};

/// Rates of a receptor of one agent with drugs and heterogeneity.
struct ReceptorRates
{
  double on, off;                                                    ///< 1/(nM min), 1/min
  double internalisation, uptake, recycling, synthesis, degradation; ///< 1/min, the synthesis in 1/(cell min)
  double number; ///< R + C + I of a cell that does not make or lose any

  double dissociation_constant() const { return (off + internalisation) / on; }
  bool conserves() const { return synthesis <= 0.0 && degradation <= 0.0; }
};

ReceptorRates receptor_rates(const AgentRules &rules, int type, int receptor, std::uint64_t key);

/// The steady state at a constant concentration (nM).
ReceptorNumbers steady_receptors(const ReceptorRates &rates, double concentration);

/// What a step does.
struct ReceptorStep
{
  ReceptorNumbers numbers;   ///< at its end; the surplus is as before
  double taken = 0.0;        ///< ligand bound minus ligand let go, molecules per cell
  double internalised = 0.0; ///< ligand, molecules per cell
};

/// The exact step of @p length min at a constant concentration (nM).
ReceptorStep receptor_step(const ReceptorRates &rates, const ReceptorNumbers &before, double concentration,
                           double length);

/// The step in which receptors take just @p ligand molecules per cell from outside; @p guess: a concentration (nM) at
/// which they do about so. What they cannot take or let go at any concentration is left in the surplus.
ReceptorStep receptor_step_taking(const ReceptorRates &rates, const ReceptorNumbers &before, double ligand,
                                  double guess, double length);

/// The numbers of an agent, or their steady state at @p values (the fields at the agent) if it has none yet.
/// @p receptor must be full.
template <int dim>
ReceptorNumbers receptor_numbers(const AgentRules &rules, const AgentPopulation<dim> &population, std::size_t agent,
                                 int receptor, const double *values);

/// Occupancy of a receptor of an agent, quasi-steady or full, at @p values (the fields at the agent).
template <int dim>
double agent_occupancy(const AgentRules &rules, const AgentPopulation<dim> &population, std::size_t agent, int receptor,
                       const double *values);

/// Free and bound receptors over those of the median agent without ligand and drugs.
double relative_surface(const ReceptorParameters &parameters, const ReceptorNumbers &numbers);

/// Numbers of an agent that becomes another type: receptors of the same name stay, others are not started.
/// As in AgentPopulation::receptors.
std::vector<double> converted_receptors(const AgentTypeParameters &from, const AgentTypeParameters &to,
                                        const std::vector<double> &numbers);
} // namespace nidus
