#pragma once

#include "sub_models/sub_model.h"

namespace nidus
{
// Each is in the file of its name.
SubModel chemotaxis();
SubModel mobilisation();
SubModel niche_assembly();
SubModel nodule_counts();
SubModel persistent_walk();
SubModel survival_chain();
SubModel vascular_exchange();

/// All of them.
const std::vector<SubModel> &sub_models();

/// Throws InputError, with @p entry as the place, for a name that there is not.
const SubModel &sub_model(const std::string &name, const std::string &entry);

/// Every sub-model with its arguments and outputs, as comments of a parameter file.
std::string sub_model_reference();
} // namespace nidus
