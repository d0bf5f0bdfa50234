#pragma once

#include "parameters.h"

#include <deal.II/base/parameter_handler.h>

#include <string>

namespace nidus
{
/// Declares every entry, bound to @p parameters, with the elements that the named lists of @p file have.
void declare_parameters(const ParameterFile &file, dealii::ParameterHandler &handler, Parameters &parameters);

/// All entries with their values, in the order in which they were declared.
std::string as_prm(dealii::ParameterHandler &handler);
std::string as_json(dealii::ParameterHandler &handler);
} // namespace nidus
