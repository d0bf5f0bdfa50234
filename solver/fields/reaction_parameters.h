#pragma once

#include "fields/reaction_laws.h"

#include <deal.II/base/parameter_handler.h>

#include <optional>
#include <string>
#include <vector>

namespace nidus
{
struct FieldParameters;

/// One entry of the catalogue of reactions at a point. Which roles and numbers it has, its law says.
struct ReactionParameters
{
  std::string name;
  std::string kind = "binding"; ///< name of a law
  std::string substrate, partner, product;
  std::optional<double> rate;            ///< the law says its unit; so for the others
  std::optional<double> off_rate;        ///< 1/min
  std::optional<double> sites;           ///< unit of the bound field
  std::optional<double> half_saturation; ///< unit of the field that saturates the law
  std::optional<double> exponent;        ///< Hill exponent, 1
  std::optional<double> capacity;        ///< unit of the substrate

  // Resolved:
  const ReactionLaw *law = nullptr;
  std::array<int, n_roles> field = {{-1, -1, -1}}; ///< index of the field of each role; -1: the law has no such role
  Coefficients coefficients = {};

  /// Whether it takes from field @p s: forward, backward, or above the capacity of growth.
  bool consumes(unsigned int s) const;
};

/// Declares the entries of one reaction in the present subsection of @p handler.
void declare_reaction(dealii::ParameterHandler &handler, ReactionParameters &reaction);

/// Turns names into indices of @p fields and checks everything. Throws InputError.
void resolve_reactions(std::vector<ReactionParameters> &reactions, const std::vector<FieldParameters> &fields);
} // namespace nidus
