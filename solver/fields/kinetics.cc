#include "fields/kinetics.h"

namespace nidus
{
Kinetics::Kinetics(const FieldsParameters &parameters)
    : n_fields(parameters.fields.size()), dependence(parameters.fields.size() * parameters.fields.size(), false)
{
  for (const auto &reaction : parameters.reactions)
  {
    const ReactionLaw &law = *reaction.law;
    reactions.push_back({&law, reaction.field, reaction.coefficients, reaction.coefficients[coefficient::rate]});
    is_linear &= law.linear;
    has_growth |= law.grows;
    for (unsigned int i = 0; i < n_roles; ++i)
      for (unsigned int j = 0; j < n_roles; ++j)
        if (law.change[i] != 0 && law.reads[j])
          dependence[reaction.field[i] * n_fields + reaction.field[j]] = true;
  }
}

void Kinetics::scale_rates(const std::vector<double> &factors)
{
  for (std::size_t r = 0; r < reactions.size(); ++r)
    reactions[r].coefficients[coefficient::rate] = factors.empty() ? reactions[r].rate : reactions[r].rate * factors[r];
}

void Kinetics::add(const double *u, double *rate, double *jacobian) const
{
  for (const auto &reaction : reactions)
  {
    RoleValues values = {{0.0, 0.0, 0.0}};
    for (unsigned int r = 0; r < n_roles; ++r)
      if (reaction.field[r] >= 0)
        values[r] = u[reaction.field[r]];
    const ReactionSpeed speed = reaction.law->speed(reaction.coefficients, values);
    for (unsigned int i = 0; i < n_roles; ++i)
    {
      const int change = reaction.law->change[i];
      if (change == 0)
        continue;
      rate[reaction.field[i]] += change * speed.value;
      for (unsigned int j = 0; j < n_roles; ++j)
        if (reaction.law->reads[j])
          jacobian[reaction.field[i] * n_fields + reaction.field[j]] += change * speed.by[j];
    }
  }
}
} // namespace nidus
