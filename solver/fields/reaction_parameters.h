#pragma once

#include <deal.II/base/parameter_handler.h>

#include <string>
#include <vector>

namespace nidus
{
struct FieldParameters;

/// One entry of the catalogue of reactions at a point.
struct ReactionParameters
{
  std::string name;
  std::string kind = "binding"; ///< binding | catalysed loss
  std::string substrate;        ///< binding: the soluble field; catalysed loss: the field that is lost
  std::string partner;          ///< binding: the bound field; catalysed loss: the catalyst
  double rate = 0.0;            ///< binding: on-rate, 1/(nM min); catalysed loss: 1/(nM min)
  double off_rate = 0.0;        ///< binding: 1/min
  double sites = 0.0;           ///< binding: site density, nM

  int substrate_index = -1, partner_index = -1; ///< resolved
};

/// Declares the entries of one reaction in the present subsection of @p handler.
void declare_reaction(dealii::ParameterHandler &handler, ReactionParameters &reaction);

/// Turns names into indices of @p fields and checks everything. Throws InputError.
void resolve_reactions(std::vector<ReactionParameters> &reactions, const std::vector<FieldParameters> &fields);
} // namespace nidus
