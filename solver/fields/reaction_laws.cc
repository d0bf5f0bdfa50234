#include "fields/reaction_laws.h"

#include <cmath>

namespace nidus
{
namespace
{
using namespace role;
using namespace coefficient;

ReactionSpeed binding(const Coefficients &k, const RoleValues &u)
{
  const double free_sites = k[sites] - u[partner];
  return {k[rate] * u[substrate] * free_sites - k[off_rate] * u[partner],
          {k[rate] * free_sites, -k[rate] * u[substrate] - k[off_rate], 0.0}};
}

ReactionSpeed matrix_binding(const Coefficients &k, const RoleValues &u)
{
  const double free_sites = k[sites] * u[partner] - u[product];
  return {k[rate] * u[substrate] * free_sites - k[off_rate] * u[product],
          {k[rate] * free_sites, k[rate] * u[substrate] * k[sites], -k[rate] * u[substrate] - k[off_rate]}};
}

ReactionSpeed catalysed_loss(const Coefficients &k, const RoleValues &u)
{
  return {k[rate] * u[partner] * u[substrate], {k[rate] * u[partner], k[rate] * u[substrate], 0.0}};
}

ReactionSpeed conversion(const Coefficients &k, const RoleValues &u)
{
  return {k[rate] * u[substrate], {k[rate], 0.0, 0.0}};
}

ReactionSpeed association(const Coefficients &k, const RoleValues &u)
{
  return {k[rate] * u[substrate] * u[partner] - k[off_rate] * u[product],
          {k[rate] * u[partner], k[rate] * u[substrate], -k[off_rate]}};
}

ReactionSpeed michaelis_menten(const Coefficients &k, const RoleValues &u)
{
  const double half = k[half_saturation], c = u[substrate];
  if (c < 0.0)
    return {k[rate] * c / half, {k[rate] / half, 0.0, 0.0}};
  return {k[rate] * c / (half + c), {k[rate] * half / ((half + c) * (half + c)), 0.0, 0.0}};
}

struct Hill
{
  double value, derivative;
};

/// u^n / (K^n + u^n); zero below zero.
Hill hill(const Coefficients &k, const double u)
{
  if (u <= 0.0)
    return {0.0, u == 0.0 && k[exponent] == 1.0 ? 1.0 / k[half_saturation] : 0.0};
  // With the power of the smaller ratio, which cannot overflow.
  const bool low = u < k[half_saturation];
  const double power = std::pow(low ? u / k[half_saturation] : k[half_saturation] / u, k[exponent]);
  const double value = (low ? power : 1.0) / (1.0 + power), rest = (low ? 1.0 : power) / (1.0 + power);
  return {value, k[exponent] / u * value * rest};
}

ReactionSpeed hill_activation(const Coefficients &k, const RoleValues &u)
{
  const Hill factor = hill(k, u[partner]);
  return {k[rate] * factor.value, {0.0, k[rate] * factor.derivative, 0.0}};
}

ReactionSpeed hill_inhibition(const Coefficients &k, const RoleValues &u)
{
  const Hill factor = hill(k, u[partner]);
  return {k[rate] * (1.0 - factor.value), {0.0, -k[rate] * factor.derivative, 0.0}};
}

ReactionSpeed constant_production(const Coefficients &k, const RoleValues &)
{
  return {k[rate], {0.0, 0.0, 0.0}};
}

ReactionSpeed production(const Coefficients &k, const RoleValues &u)
{
  return {k[rate] * u[partner], {0.0, k[rate], 0.0}};
}

ReactionSpeed saturating_production(const Coefficients &k, const RoleValues &u)
{
  const double room = 1.0 - u[product] / k[capacity];
  return {k[rate] * u[partner] * room, {0.0, k[rate] * room, -k[rate] * u[partner] / k[capacity]}};
}

ReactionSpeed logistic_growth(const Coefficients &k, const RoleValues &u)
{
  const double c = u[substrate];
  return {k[rate] * c * (1.0 - c / k[capacity]), {k[rate] * (1.0 - 2.0 * c / k[capacity]), 0.0, 0.0}};
}
/// change and reads: {substrate, partner, product}; needs: {Rate, Off rate, Sites, Half saturation, Hill exponent,
/// Capacity}
constexpr ReactionLaws laws = {
    {{"binding",
      "substrate + free sites <-> partner at Rate substrate (Sites - partner) - Off rate partner",
      {-1, 1, 0},
      {true, true, false},
      {true, true, true, false, false, false},
      false,
      false,
      binding},
     {"matrix binding",
      "substrate + free sites of the matrix partner <-> product at Rate substrate (Sites partner - product) - Off rate "
      "product",
      {-1, 0, 1},
      {true, true, true},
      {true, true, true, false, false, false},
      false,
      false,
      matrix_binding},
     {"catalysed loss",
      "substrate is lost at Rate partner substrate",
      {-1, 0, 0},
      {true, true, false},
      {true, false, false, false, false, false},
      false,
      false,
      catalysed_loss},
     {"catalysed conversion",
      "substrate -> product at Rate partner substrate",
      {-1, 0, 1},
      {true, true, false},
      {true, false, false, false, false, false},
      false,
      false,
      catalysed_loss},
     {"conversion",
      "substrate -> product at Rate substrate",
      {-1, 0, 1},
      {true, false, false},
      {true, false, false, false, false, false},
      true,
      false,
      conversion},
     {"association",
      "substrate + partner <-> product at Rate substrate partner - Off rate product",
      {-1, -1, 1},
      {true, true, true},
      {true, true, false, false, false, false},
      false,
      false,
      association},
     {"Michaelis-Menten loss",
      "substrate is lost at Rate substrate / (Half saturation + substrate)",
      {-1, 0, 0},
      {true, false, false},
      {true, false, false, true, false, false},
      false,
      false,
      michaelis_menten},
     {"Michaelis-Menten conversion",
      "substrate -> product at Rate substrate / (Half saturation + substrate)",
      {-1, 0, 1},
      {true, false, false},
      {true, false, false, true, false, false},
      false,
      false,
      michaelis_menten},
     {"Hill activation",
      "product is made at Rate partner^n / (Half saturation^n + partner^n), n = Hill exponent",
      {0, 0, 1},
      {false, true, false},
      {true, false, false, true, true, false},
      false,
      false,
      hill_activation},
     {"Hill inhibition",
      "product is made at Rate Half saturation^n / (Half saturation^n + partner^n), n = Hill exponent",
      {0, 0, 1},
      {false, true, false},
      {true, false, false, true, true, false},
      false,
      false,
      hill_inhibition},
     {"constant production",
      "product is made at Rate",
      {0, 0, 1},
      {false, false, false},
      {true, false, false, false, false, false},
      true,
      false,
      constant_production},
     {"production",
      "product is made at Rate partner",
      {0, 0, 1},
      {false, true, false},
      {true, false, false, false, false, false},
      true,
      false,
      production},
     {"saturating production",
      "product is made at Rate partner (1 - product / Capacity)",
      {0, 0, 1},
      {false, true, true},
      {true, false, false, false, false, true},
      false,
      false,
      saturating_production},
     {"logistic growth",
      "substrate grows at Rate substrate (1 - substrate / Capacity)",
      {1, 0, 0},
      {true, false, false},
      {true, false, false, false, false, true},
      false,
      true,
      logistic_growth}}};
static_assert(laws.back().name != nullptr, "ReactionLaws has room for more laws than there are");
} // namespace

const ReactionLaws &reaction_laws()
{
  return laws;
}

const ReactionLaw *find_reaction_law(const std::string &name)
{
  for (const auto &law : laws)
    if (law.name == name)
      return &law;
  return nullptr;
}
} // namespace nidus
