#include "observables/observable_parameters.h"

#include "agents/name_lookup.h"
#include "control/input_error.h"
#include "control/named_list.h"
#include "control/names_of.h"
#include "control/nearest_name.h"
#include "control/parameter_file.h"
#include "fields/field_parameters.h"
#include "systemic/blood_parameters.h"

#include <algorithm>
#include <cmath>

namespace nidus
{
namespace
{
void declare_niche_index(dealii::ParameterHandler &handler, NicheIndexParameters &niche)
{
  handler.enter_subsection("Niche index");
  bind(handler, "Weights", niche.weights,
       "'signal: beta, ...': the niche index is 1 - exp(-sum of max(beta, 0) times signal), at every node and agent; "
       "signals of the kinds field, occupancy, neighbours and blood. Empty: off.",
       {"1", "model 3.2", "M"}, allowed::named_numbers());
  bind(
      handler, "Of", niche.of,
      "Type of agent through whose receptors signals of occupancy look at a place, and at agents without the receptor.",
      {"none"});
  handler.leave_subsection();
}

void declare_colonies(dealii::ParameterHandler &handler, ColonyParameters &colonies)
{
  handler.enter_subsection("Colonies");
  bind(handler, "Types", colonies.types, "Types of agents that form colonies; empty: off.", {"none"}, allowed::names());
  bind(handler, "States", colonies.states,
       "'type.state, ...': of a type that is named here only these states are members; of others all are.", {"none"},
       allowed::names());
  bind(handler, "Distance", colonies.distance, "Members that are closer, centre to centre, are of one colony.", {"um"},
       allowed::positive());
  bind(handler, "Micro from", colonies.micro_from,
       "A colony is micro from this number of cells on, solitary with one cell, and a cluster between.",
       {"cells", "[M: Luzzi 1998]", "M"}, dealii::Patterns::Integer(2));
  bind(handler, "Macro diameter", colonies.macro_diameter,
       "A colony is macro from this diameter on: of the ball (2-D: the disc) with the volume of all its cells.",
       {"um", "model 3.2", "L"}, allowed::positive());
  handler.leave_subsection();
}

void declare_sections(dealii::ParameterHandler &handler, SectionParameters &sections)
{
  handler.enter_subsection("Sections");
  bind(handler, "Number", sections.number,
       "Virtual histological sections, normal to the axes in turn, at random places that stay the same during the run; "
       "0: off.",
       {"none"}, dealii::Patterns::Integer(0, 10000));
  bind(handler, "Thickness", sections.thickness, "An agent is in a section that its body touches.", {"um"},
       allowed::positive());
  bind(handler, "Of", sections.of, "'type' or 'type.state' of the agents that are counted.", {"none"},
       allowed::names());
  bind(handler, "Cluster size", sections.cluster_size, "Agents that a cluster has at least.", {"none"},
       dealii::Patterns::Integer(1));
  bind(handler, "Cluster distance", sections.cluster_distance,
       "Agents of a section that are closer, in its plane, are of one cluster.", {"um"}, allowed::positive());
  handler.leave_subsection();
}

void declare_positive_fraction(dealii::ParameterHandler &handler, PositiveFractionParameters &entry)
{
  bind(handler, "Field", entry.field, "Field that is looked at.", {"none"});
  bind(handler, "Above", entry.above, "Tissue is positive where the field is above this value.", {"unit of the field"},
       dealii::Patterns::Double());
}

void declare_pair_correlation(dealii::ParameterHandler &handler, PairCorrelationParameters &entry)
{
  bind(handler, "From", entry.from, "'type' or 'type.state' of the agents at the centre.", {"none"}, allowed::names());
  bind(handler, "To", entry.to, "'type' or 'type.state' of the agents that are counted around them.", {"none"},
       allowed::names());
  bind(handler, "Radius", entry.radius, "Greatest distance.", {"um"}, allowed::positive());
  bind(handler, "Bins", entry.bins, "Number of bins of equal width up to the radius.", {"none"},
       dealii::Patterns::Integer(1, 10000));
  bind(handler, "Reference points", entry.reference_points,
       "About as many random points of the tissue tell how many pairs there would be without any order; the noise of "
       "g falls with their number.",
       {"none"}, dealii::Patterns::Integer(100, 10000000));
}

void declare_tumour_cells(dealii::ParameterHandler &handler, TumourCellParameters &cells)
{
  handler.enter_subsection("Tumour cells");
  bind(handler, "Types", cells.types,
       "'type' or 'type.state' of the agents whose surroundings are averaged; empty: off.", {"none"}, allowed::names());
  bind(handler, "Receptor", cells.receptor, "Receptor whose mean occupancy is told; empty: none.", {"none"});
  bind(handler, "Field", cells.field, "Field the length of whose gradient is averaged; empty: none.", {"none"});
  bind(
      handler, "Distance to", cells.surfaces,
      "Surfaces, named as in Boundaries (an airway, sinusoids, 'outside'), the mean distance to each of which is told.",
      {"none"}, allowed::names());
  handler.leave_subsection();
}

void declare_fates(dealii::ParameterHandler &handler, FateParameters &fates)
{
  handler.enter_subsection("Fates");
  bind(handler, "Types", fates.types, "Types of the seeded and arrived agents that are followed; empty: off.", {"none"},
       allowed::names());
  bind(handler, "Dormant", fates.dormant, "'type.state, ...' that count as dormant.", {"none"}, allowed::names());
  bind(handler, "Engaged", fates.engaged, "'type.state, ...': the first time in one of them is the first engagement.",
       {"none"}, allowed::names());
  handler.leave_subsection();
}

void declare_blood_gradient(dealii::ParameterHandler &handler, BloodGradientParameters &entry)
{
  bind(handler, "Field", entry.field, "Field whose mean over the tissue is compared, in nM.", {"none"});
  bind(handler, "Factor", entry.factor, "Factor of the blood with which it is compared.", {"none"});
}

/// Throws InputError unless @p name is among @p names.
int found(const std::string &entry, const std::string &name, const std::vector<std::string> &names,
          const std::string &what)
{
  const auto place = std::find(names.begin(), names.end(), name);
  if (place == names.end())
    throw InputError(entry, name, what + ": " + listed(names), did_you_mean(name, names, "name one of the file"));
  return static_cast<int>(place - names.begin());
}

AgentSelection selection(const AgentParameters &agents, const std::vector<std::string> &names, const std::string &entry)
{
  if (names.empty())
    throw InputError(entry, "", "agent types: " + listed(names_of(agents.types)), "say which agents are meant");
  return {agents, names, entry};
}

void resolve_niche_index(NicheIndexParameters &niche, const AgentParameters &agents)
{
  const std::string entry = "Observables/Niche index/Weights";
  if (!niche.of.empty())
    niche.of_type = found("Observables/Niche index/Of", niche.of, names_of(agents.types), "agent types");
  for (const auto &[name, weight] : niche.weights)
  {
    const int index = found(entry, name, names_of(agents.signals), "signals");
    const auto &signal = agents.signals[index];
    const auto kind = signal.kind_id;
    if (kind != SignalKind::field && kind != SignalKind::occupancy && kind != SignalKind::neighbours &&
        kind != SignalKind::blood)
      throw InputError(entry, name, "signals of the kinds field, occupancy, neighbours and blood",
                       "the kind '" + signal.kind + "' of Signals/" + name +
                           "/Kind has no value at a place without an agent; leave the signal out");
    if (kind == SignalKind::occupancy &&
        (niche.of_type < 0 || agents.types[niche.of_type].receptor_of_signal[index] < 0))
      throw InputError("Observables/Niche index/Of", niche.of, "a type of agent with the receptor '" + signal.of + "'",
                       "Signals/" + name + " has a weight and reads this receptor; name a type that has it");
    niche.signals.emplace_back(index, weight);
  }
}

void resolve_colonies(ColonyParameters &colonies, const AgentParameters &agents)
{
  if (!colonies.any())
    return;
  const std::string path = "Observables/Colonies/";
  double smallest = 1e300;
  for (const auto &name : colonies.types)
  {
    const auto &type = agents.types[found(path + "Types", name, names_of(agents.types), "agent types")];
    smallest = std::min(smallest, 2.0 * type.radius);
  }
  colonies.members = selection(agents, colonies.types, path + "Types");
  for (const auto &name : colonies.states)
    if (!colonies.members.has_type(parse_type_and_state(agents, name, path + "States").first))
      throw InputError(path + "States", name, "states of Observables/Colonies/Types: " + listed(colonies.types),
                       "add the type to the members, or leave the state out");
  colonies.members.restrict_to(AgentSelection(agents, colonies.states, path + "States"));
  // In 3-D; the disc of 2-D is wider.
  if (colonies.macro_diameter <= smallest * std::cbrt(colonies.micro_from))
    throw input_error(path + "Macro diameter", colonies.macro_diameter,
                      "above the diameter of 'Micro from' = " + std::to_string(colonies.micro_from) + " cells",
                      "raise it, or lower 'Micro from'");
}

void resolve_sections(SectionParameters &sections, const AgentParameters &agents, const unsigned int dimension)
{
  if (!sections.any())
    return;
  if (dimension != 3)
    throw InputError("Observables/Sections/Number", std::to_string(sections.number), "0 in two dimensions",
                     "sections have an area only in three dimensions");
  sections.agents = selection(agents, sections.of, "Observables/Sections/Of");
}

void resolve_tumour_cells(TumourCellParameters &cells, const AgentParameters &agents,
                          const std::vector<std::string> &fields)
{
  if (!cells.any())
    return;
  const std::string path = "Observables/Tumour cells/";
  cells.agents = selection(agents, cells.types, path + "Types");
  if (!cells.field.empty())
    cells.field_index = found(path + "Field", cells.field, fields, "fields");
  cells.receptor_of.assign(agents.types.size(), -1);
  if (!cells.receptor.empty())
    for (std::size_t t = 0; t < agents.types.size(); ++t)
      if (cells.agents.has_type(static_cast<int>(t)))
        cells.receptor_of[t] = found(path + "Receptor", cells.receptor, names_of(agents.types[t].receptors),
                                     "receptors of Agents/" + agents.types[t].name);
}

void resolve_fates(FateParameters &fates, const AgentParameters &agents)
{
  if (!fates.any())
    return;
  const std::string path = "Observables/Fates/";
  fates.founders = selection(agents, fates.types, path + "Types");
  fates.dormant_agents = AgentSelection(agents, fates.dormant, path + "Dormant");
  fates.engaged_agents = AgentSelection(agents, fates.engaged, path + "Engaged");
}
} // namespace

void ObservablesParameters::declare(const ParameterFile &file, dealii::ParameterHandler &handler)
{
  handler.enter_subsection("Observables");
  declare_niche_index(handler, niche_index);
  declare_colonies(handler, colonies);
  declare_sections(handler, sections);
  declare_named_list(file, handler, {"Observables", "Positive fractions"}, positive_fractions,
                     declare_positive_fraction);
  declare_named_list(file, handler, {"Observables", "Pair correlations"}, pair_correlations, declare_pair_correlation);
  declare_tumour_cells(handler, tumour_cells);
  declare_fates(handler, fates);
  declare_named_list(file, handler, {"Observables", "Blood gradients"}, blood_gradients, declare_blood_gradient);
  handler.leave_subsection();
}

void ObservablesParameters::resolve(const AgentParameters &agents, const FieldsParameters &fields,
                                    const BloodParameters &blood, const unsigned int dimension)
{
  resolve_niche_index(niche_index, agents);
  resolve_colonies(colonies, agents);
  resolve_sections(sections, agents, dimension);
  for (auto &positive : positive_fractions)
    positive.field_index =
        found("Observables/Positive fractions/" + positive.name + "/Field", positive.field, fields.names(), "fields");
  for (auto &pairs : pair_correlations)
  {
    const std::string path = "Observables/Pair correlations/" + pairs.name + "/";
    pairs.from_agents = selection(agents, pairs.from, path + "From");
    pairs.to_agents = selection(agents, pairs.to, path + "To");
  }
  resolve_tumour_cells(tumour_cells, agents, fields.names());
  resolve_fates(fates, agents);
  for (auto &gradient : blood_gradients)
  {
    const std::string path = "Observables/Blood gradients/" + gradient.name + "/";
    gradient.field_index = found(path + "Field", gradient.field, fields.names(), "fields");
    if (fields.fields[gradient.field_index].unit != "nM")
      throw InputError(path + "Field", gradient.field, "a field in nM, as blood factors are", "name another field");
    gradient.factor_index = found(path + "Factor", gradient.factor, blood.factor_names(), "blood factors");
  }
}
} // namespace nidus
