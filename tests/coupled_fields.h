#pragma once

#include "field_world.h"

/// Four fields with every kind of coupling, for tests.
namespace nidus::test
{
inline ReactionParameters reaction(const std::string &name, const std::string &kind, const std::string &substrate = "",
                                   const std::string &partner = "", const std::string &product = "")
{
  ReactionParameters parameters;
  parameters.name = name;
  parameters.kind = kind;
  parameters.substrate = substrate;
  parameters.partner = partner;
  parameters.product = product;
  return parameters;
}

/// The field "ligand" binds to sites that the field "bound" counts.
inline ReactionParameters binding(const double on_rate, const double off_rate, const double sites)
{
  auto parameters = reaction("binding", "binding", "ligand", "bound");
  parameters.rate = on_rate;
  parameters.off_rate = off_rate;
  parameters.sites = sites;
  return parameters;
}

/**
 * A ligand that decays, is exchanged with the blood, binds to sites and is destroyed by an enzyme; the enzyme is
 * cleared with saturation; a signal is made where the ligand is. Mobile: ligand, enzyme, signal.
 */
struct CoupledFields
{
  enum Field : unsigned int
  {
    ligand,
    bound,
    enzyme,
    signal,
    n
  };
  static constexpr double diffusivity[n] = {600.0, 0.0, 300.0, 900.0}, decay[n] = {0.1, 0.15, 0.2, 0.12};
  static constexpr double exchange = 0.02, blood = 0.7;                        // 1/min, nM
  static constexpr double on = 0.02, off = 0.3, sites = 20.0;                  // binding
  static constexpr double destruction = 0.05;                                  // 1/(nM min)
  static constexpr double clearance = 0.4, half_clearance = 1.5;               // nM/min, nM
  static constexpr double production = 0.6, half_production = 2.0, hill = 2.0; // nM/min, nM, 1

  static FieldsParameters parameters()
  {
    FieldsParameters result;
    const char *names[n] = {"ligand", "bound", "enzyme", "signal"};
    for (unsigned int s = 0; s < n; ++s)
      result.fields.push_back(field(names[s], diffusivity[s], decay[s]));
    result.fields[ligand].blood_factor = "ligand";
    result.fields[ligand].vascular_exchange = exchange;
    auto loss = reaction("destruction", "catalysed loss", "ligand", "enzyme");
    loss.rate = destruction;
    auto cleared = reaction("clearance", "Michaelis-Menten loss", "enzyme");
    cleared.rate = clearance;
    cleared.half_saturation = half_clearance;
    auto made = reaction("production", "Hill activation", "", "ligand", "signal");
    made.rate = production;
    made.half_saturation = half_production;
    made.exponent = hill;
    result.reactions = {binding(on, off, sites), loss, cleared, made};
    return result;
  }

  /// The reactions written out, nM/min.
  static void rates(const double *u, double *rate)
  {
    const double binds = on * u[ligand] * (sites - u[bound]) - off * u[bound];
    rate[ligand] = -binds - destruction * u[enzyme] * u[ligand];
    rate[bound] = binds;
    rate[enzyme] = -clearance * u[enzyme] / (half_clearance + u[enzyme]);
    rate[signal] = production * u[ligand] * u[ligand] / (half_production * half_production + u[ligand] * u[ligand]);
  }
};
} // namespace nidus::test
