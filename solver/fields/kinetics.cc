#include "fields/kinetics.h"

namespace nidus
{
Kinetics::Kinetics(const FieldsParameters &parameters) : n_fields(parameters.fields.size())
{
  for (const auto &reaction : parameters.reactions)
    reactions.push_back({reaction.kind == "binding", reaction.substrate_index, reaction.partner_index, reaction.rate,
                         reaction.off_rate, reaction.sites});
}

void Kinetics::add(const double *u, double *rate, double *jacobian) const
{
  for (const auto &reaction : reactions)
  {
    const int c = reaction.substrate, b = reaction.partner;
    if (reaction.binding)
    {
      // db/dt = k_on c (B - b) - k_off b = -dc/dt
      const double bound = reaction.on * u[c] * (reaction.sites - u[b]) - reaction.off * u[b];
      const double by_c = reaction.on * (reaction.sites - u[b]);
      const double by_b = -reaction.on * u[c] - reaction.off;
      rate[b] += bound;
      rate[c] -= bound;
      jacobian[b * n_fields + c] += by_c;
      jacobian[b * n_fields + b] += by_b;
      jacobian[c * n_fields + c] -= by_c;
      jacobian[c * n_fields + b] -= by_b;
    }
    else
    {
      rate[c] -= reaction.on * u[b] * u[c];
      jacobian[c * n_fields + c] -= reaction.on * u[b];
      jacobian[c * n_fields + b] -= reaction.on * u[c];
    }
  }
}
} // namespace nidus
