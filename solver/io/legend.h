#pragma once

#include "agents/agent_parameters.h"
#include "fields/field_parameters.h"
#include "io/output_folder.h"
#include "organ/organ_parameters.h"

#include <string>
#include <vector>

namespace nidus
{
/**
 * The name under which a field stands in files: letters, digits and _<>() stay, anything else becomes "_".
 */
std::string array_name(const std::string &field);

/**
 * The text of legend.json: what the numbers in the output mean, for programs that draw it.
 *
 * {"title", "dimension", "length_unit", "time_unit", "regions": [{"id", "name", "tissue"}],
 *  "fields": [{"name", "label", "unit"}],
 *  "agent_types": [{"id", "name", "label", "group", "radius", "states": [{"id", "name"}]}]}
 *
 * "name" of a field is its array_name(); a label that the user left out is the name. Regions are those of the organ, in
 * the order of its material ids.
 */
std::string legend_text(const std::string &title, unsigned int dimension, const std::vector<RegionParameters> &regions,
                        const FieldsParameters &fields, const AgentParameters &agents);
} // namespace nidus
