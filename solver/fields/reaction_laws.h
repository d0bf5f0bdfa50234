#pragma once

#include <array>
#include <string>

namespace nidus
{
namespace role
{
/// The part that a field plays in a reaction.
enum Role : unsigned int
{
  substrate,
  partner,
  product
};
} // namespace role
constexpr unsigned int n_roles = 3;

namespace coefficient
{
/// The numbers of a reaction.
enum Coefficient : unsigned int
{
  rate,
  off_rate,
  sites,
  half_saturation,
  exponent,
  capacity
};
} // namespace coefficient
constexpr unsigned int n_coefficients = 6;

using Coefficients = std::array<double, n_coefficients>;
using RoleValues = std::array<double, n_roles>;

/// Speed of a reaction at a point, amount per volume and minute, and its derivatives by the fields of its roles.
struct ReactionSpeed
{
  double value = 0.0;
  double by[n_roles] = {0.0, 0.0, 0.0};
};

/**
 * A law of the catalogue: one speed, and what it does to the field of each role.
 *
 * A field that loses by a law (change < 0) stands as a factor in its speed, and a gain is never negative where the
 * field is zero: no law can make a field negative. Newton's iterates may pass below zero; there saturating laws go on
 * along their tangent.
 */
struct ReactionLaw
{
  const char *name;
  const char *formula;        ///< for the reader of the parameters
  int change[n_roles];        ///< of the field of each role for a unit of speed
  bool reads[n_roles];        ///< whether the speed depends on the field of the role
  bool needs[n_coefficients]; ///< whether the speed depends on the number
  bool linear;                ///< in the fields
  bool grows;                 ///< whether a field speeds up its own production
  ReactionSpeed (*speed)(const Coefficients &k, const RoleValues &u);

  bool has(const unsigned int role) const { return change[role] != 0 || reads[role]; }
};

/// The catalogue: a new law is a new entry here.
using ReactionLaws = std::array<ReactionLaw, 14>;
const ReactionLaws &reaction_laws();

/// Null when there is no such law.
const ReactionLaw *find_reaction_law(const std::string &name);
} // namespace nidus
