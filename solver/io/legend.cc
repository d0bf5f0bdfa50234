#include "io/legend.h"

#include <nlohmann/json.hpp>

namespace nidus
{
using Json = nlohmann::ordered_json;

namespace
{
Json describe(const AgentTypeParameters &type, const std::size_t id)
{
  Json states = Json::array();
  for (std::size_t s = 0; s < type.states.size(); ++s)
    states.push_back({{"id", s}, {"name", type.states[s].name}});
  return {{"id", id},
          {"name", type.name},
          {"label", type.label.empty() ? type.name : type.label},
          {"group", type.group},
          {"radius", type.radius},
          {"states", states}};
}
} // namespace

std::string array_name(const std::string &field)
{
  constexpr const char *kept = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_<>()";
  std::string name = field;
  for (std::size_t at = 0; (at = name.find_first_not_of(kept, at)) != std::string::npos; ++at)
    name[at] = '_';
  return name;
}

std::string legend_text(const std::string &title, const unsigned int dimension,
                        const std::vector<RegionParameters> &regions, const FieldsParameters &fields,
                        const AgentParameters &agents)
{
  Json legend = {{"title", title}, {"dimension", dimension}, {"length_unit", "um"}, {"time_unit", "min"}};
  legend["regions"] = Json::array();
  for (std::size_t id = 0; id < regions.size(); ++id)
    legend["regions"].push_back({{"id", id}, {"name", regions[id].name}, {"tissue", regions[id].tissue}});
  legend["fields"] = Json::array();
  for (const FieldParameters &field : fields.fields)
    legend["fields"].push_back({{"name", array_name(field.name)},
                                {"label", field.label.empty() ? field.name : field.label},
                                {"unit", field.unit}});
  legend["agent_types"] = Json::array();
  for (std::size_t id = 0; id < agents.types.size(); ++id)
    legend["agent_types"].push_back(describe(agents.types[id], id));
  return legend.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}
} // namespace nidus
