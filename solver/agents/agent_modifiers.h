#pragma once

#include <vector>

namespace nidus
{
/// What drugs and antibodies do to the rules of agents during one macro step. An empty list of factors means:
/// all ones.
struct AgentModifiers
{
  /// Per type and receptor: the dissociation constant is multiplied by this (competitive antagonist: 1 + A/Ki).
  std::vector<std::vector<double>> dissociation_factor;
  /// Per type and receptor: the receptor number is multiplied by this (knock-down).
  std::vector<std::vector<double>> number_factor;
  /// Per type and transition: the hazard is multiplied by this.
  std::vector<std::vector<double>> hazard_factor;

  /// Per type, state and field: secretion and saturating secretion are multiplied by this.
  std::vector<std::vector<std::vector<double>>> secretion_factor;
  /// Per type: the drift along immobile fields is multiplied by this.
  std::vector<double> haptotaxis_factor;

  /// Per intervention: its effect, in [0, 1]; empty: none acts.
  std::vector<double> drug_effect;

  double dissociation(int type, int receptor) const { return entry(dissociation_factor, type, receptor); }
  double number(int type, int receptor) const { return entry(number_factor, type, receptor); }
  double hazard(int type, int transition) const { return entry(hazard_factor, type, transition); }
  double secretion(int type, int state, int field) const
  {
    return secretion_factor.empty() ? 1.0 : secretion_factor[type][state][field];
  }
  double haptotaxis(int type) const { return haptotaxis_factor.empty() ? 1.0 : haptotaxis_factor[type]; }
  double drug(int intervention) const { return drug_effect.empty() ? 0.0 : drug_effect[intervention]; }

private:
  static double entry(const std::vector<std::vector<double>> &factor, int type, int index)
  {
    return factor.empty() || factor[type].empty() ? 1.0 : factor[type][index];
  }
};
} // namespace nidus
