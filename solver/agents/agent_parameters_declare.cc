// The entries of the sections Agents and Signals.

#include "agents/agent_parameters.h"
#include "control/parameter_file.h"

#include <algorithm>

namespace nidus
{
namespace
{
using dealii::ParameterHandler;
namespace Patterns = dealii::Patterns;

const Provenance plain = {"none"};
const std::string mechanics_section = "Mechanics";

/// The list of subsections below @p path becomes a list of structs that know their names.
template <typename T>
std::vector<T> named_list(const ParameterFile &file, const std::vector<std::string> &path)
{
  std::vector<T> list;
  for (const auto &name : file.names_below(path))
  {
    list.emplace_back();
    list.back().name = name;
  }
  return list;
}

void declare_mechanics(AgentParameters &agents, ParameterHandler &handler)
{
  handler.enter_subsection(mechanics_section);
  nidus::bind(handler, "Adhesion range", agents.adhesion_range,
              "Agents attract each other up to this multiple of the sum of their radii.", {"1", "[C1]", "M"},
              Patterns::Double(1.0, 10.0));
  nidus::bind(handler, "Longest step", agents.mechanics_step,
              "A motion step is divided into equal mechanics steps that are at most this long.", {"min"},
              allowed::positive());
  nidus::bind(handler, "Largest displacement", agents.maximum_displacement,
              "Forces displace an agent by at most this multiple of its radius in a mechanics step.", {"1"},
              Patterns::Double(1e-6, 1.0));
  handler.leave_subsection();
}

void declare_signal(SignalParameters &signal, ParameterHandler &handler)
{
  handler.enter_subsection(signal.name);
  nidus::bind(
      handler, "Kind", signal.kind,
      "What is measured: the value of a field; the bound receptors of the agent over the number of its type; the "
      "number of other agents around; the time since the last change of state; the level of a blood factor; the "
      "pressure, the sum over overlapping agents of (1 - d/(Ri + Rj))^2; the bound receptors of a cell, in molecules; "
      "a sum of other signals; or the effect of an intervention, from 0 to 1: A/(A + Ki) at its level A, min(A, 1) "
      "without a Ki, of a resection 1 from its time on.",
      plain,
      Patterns::Selection("field|occupancy|neighbours|time_in_state|blood|pressure|bound_ligand|drug|combination"));
  nidus::bind(handler, "Of", signal.of,
              "The field, the receptor, the blood factor or the intervention, by kind; otherwise empty.", plain);
  nidus::bind(handler, "Neighbours", signal.neighbours,
              "Which agents count, for the kind 'neighbours': 'type' or 'type.state', separated by commas.", plain,
              allowed::names());
  nidus::bind(handler, "Radius", signal.radius, "How far neighbours are counted, from centre to centre.",
              {"um", "[A]", "L"}, allowed::positive());
  nidus::bind(handler, "Parts", signal.parts,
              "The signals that the kind 'combination' sums, 'signal: weight', none of them a combination itself.",
              {"1", "[A]", "L"}, allowed::named_numbers(-1e3, 1e3));
  nidus::bind(
      handler, "Response", signal.response,
      "How the measured x becomes a number in [0, 1]: linear min(x/scale, 1); hill x^n/(scale^n + x^n); exponential "
      "1 - exp(-x/scale).",
      plain, Patterns::Selection("linear|hill|exponential"));
  nidus::bind(handler, "Scale", signal.scale, "Scale of the response. Half-saturation for 'hill'.",
              {"that of what is measured", "[A]", "L"}, allowed::positive());
  nidus::bind(handler, "Exponent", signal.exponent, "Exponent n of the response 'hill'.", {"1", "[A]", "L"},
              Patterns::Double(0.1, 20.0));
  handler.leave_subsection();
}

void declare_kinetics(ReceptorParameters &receptor, ParameterHandler &handler)
{
  nidus::bind(
      handler, "Kinetics", receptor.kinetics,
      "quasi-steady: bound receptors follow the ligand at once. full: each agent has free, bound and internal "
      "receptors, "
      "dR/dt = k_syn - k_t R - k_on c R + k_off C + k_rec I, dC/dt = k_on c R - (k_off + k_e) C, dI/dt = k_e C + k_t R "
      "- "
      "(k_rec + k_deg) I, exact for any step at constant c; for one ligand. Then the occupancy is C/(R + C), and the "
      "drift follows the receptors at the surface.",
      plain, Patterns::Selection("quasi-steady|full"));
  nidus::bind(handler, "On rate", receptor.on_rate, "k_on of full kinetics, of any chemoattractant.",
              {"1/(nM min)", "[V17]", "L"}, allowed::positive());
  nidus::bind(handler, "Off rate", receptor.off_rate,
              "k_off of full kinetics, of any chemoattractant; K k_on for a known affinity K.", {"1/min", "[V17]", "L"},
              allowed::non_negative());
  nidus::bind(
      handler, "Constitutive internalisation rate", receptor.constitutive_rate,
      "k_t of full kinetics, of free receptors; 0.79 in foetal stem cells [V16], which with the recycling rate of "
      "0.04 have a twentieth of their CXCR4 at the surface.",
      {"1/min", "[A]", "L"}, allowed::non_negative());
  nidus::bind(handler, "Recycling rate", receptor.recycling_rate, "k_rec of full kinetics, of internal receptors.",
              {"1/min", "[V16]", "M"}, allowed::non_negative());
  nidus::bind(handler, "Synthesis rate", receptor.synthesis_rate,
              "k_syn of full kinetics; 0: receptors are neither made nor degraded.",
              {"molecules/(cell min)", "[A]", "L"}, allowed::non_negative());
  nidus::bind(handler, "Degradation rate", receptor.degradation_rate, "k_deg of full kinetics, of internal receptors.",
              {"1/min", "[A]", "L"}, allowed::non_negative());
}

void declare_receptor(ReceptorParameters &receptor, ParameterHandler &handler)
{
  handler.enter_subsection(receptor.name);
  nidus::bind(handler, "Ligands", receptor.ligands,
              "Sensed fields and their weights: 'field: weight', separated by commas.", {"1", "[A]", "L"},
              allowed::named_numbers(0.0, 1e6));
  nidus::bind(
      handler, "Dissociation constant", receptor.dissociation_constant,
      "Sensed concentration at which half of the receptors are bound; 25 for CXCL12 and CXCR4. Full kinetics do "
      "not read it: there it is ('Off rate' + 'Internalisation rate') / 'On rate'.",
      {"nM", "[V28]", "M"}, allowed::positive());
  nidus::bind(handler, "Number", receptor.number,
              "Receptors of a cell at its surface, the median over agents. Of full kinetics without synthesis: all of "
              "them, inside too; a division shares them out.",
              {"molecules per cell", "[V17]", "L"}, allowed::non_negative());
  nidus::bind(handler, "Number spread", receptor.number_spread,
              "Standard deviation of the logarithm of the number between agents.", {"1", "[V23]", "L"},
              Patterns::Double(0.0, 3.0));
  nidus::bind(handler, "Internalisation rate", receptor.internalisation_rate,
              "Rate at which bound receptors take the consumed ligand into the cell; 0.198 for CXCR4.",
              {"1/min", "[V17]", "M"}, allowed::non_negative());
  declare_kinetics(receptor, handler);
  nidus::bind(handler, "Consumed ligand", receptor.consumed_ligand,
              "The ligand that is lost from its field by internalisation; empty: none.", plain);
  nidus::bind(handler, "Sensitivity", receptor.sensitivity,
              "Drift per unit difference of occupancy between the front and the rear of the agent; negative: away.",
              {"um/min", "[A], range 0.5 to 30 for CXCR4", "L"}, Patterns::Double(-1e4, 1e4));
  nidus::bind(handler, "Threshold", receptor.threshold,
              "Smallest difference of occupancy that is sensed; 0.002 is in the range given for CXCR4.",
              {"1", "[V29]", "M"}, allowed::fraction());
  handler.leave_subsection();
}

void declare_state(StateParameters &state, ParameterHandler &handler)
{
  handler.enter_subsection(state.name);
  nidus::bind(handler, "Speed factor", state.speed_factor,
              "Multiplies the speed and the drift of the type in this state; 0: does not crawl.", {"1", "[A]", "L"},
              Patterns::Double(0.0, 1e3));
  nidus::bind(handler, "Adhesion factor", state.adhesion_factor,
              "Multiplies the adhesion of the types, as does that of the other agent.", {"1", "[A]", "L"},
              Patterns::Double(0.0, 1e3));
  nidus::bind(handler, "Secretion", state.secretion, "Secretion by one cell: 'field: rate', separated by commas.",
              {"molecules/min, or um^3/min for immobile fractions", "[A]", "L"}, allowed::named_numbers(0.0, 1e12));
  nidus::bind(handler, "Saturating secretion", state.saturating_secretion,
              "The same, times (1 - field): fills an immobile fraction up to one.",
              {"um^3/min, or molecules/min for concentrations", "[A]", "L"}, allowed::named_numbers(0.0, 1e12));
  handler.leave_subsection();
}

void declare_transition(TransitionParameters &transition, ParameterHandler &handler)
{
  // A signal is at most one, so a weight of 30 is a factor of 1e13 already; more only overflows.
  constexpr double largest_weight = 30.0;
  handler.enter_subsection(transition.name);
  nidus::bind(handler, "From", transition.from, "The state that is left.", plain);
  nidus::bind(
      handler, "To", transition.to,
      "What follows: a state of this type, 'type.state' of another type, 'death', 'departure' (with the blood) or "
      "'division'.",
      plain);
  nidus::bind(handler, "Base rate", transition.base_rate, "Hazard when all signals are zero and no factor is given.",
              {"1/min", "[A]", "L"}, allowed::non_negative());
  nidus::bind(handler, "Stages", transition.stages,
              "Stages that are passed one after the other in the state From, each with this number times the hazard. "
              "The mean time stays 1/hazard, its variance is divided by the number (Erlang); 4 is usual for divisions. "
              "Leaving the state starts from the first stage again. One transition of a state may have several.",
              {"1", "[A]", "L"}, Patterns::Integer(1, 1000));
  nidus::bind(handler, "Weights", transition.weights,
              "Log-linear effects, 'signal: weight': the hazard is multiplied by exp(weight * signal).",
              {"1", "[A]", "L"}, allowed::named_numbers(-largest_weight, largest_weight));
  nidus::bind(handler, "Factors", transition.factors, "Signals that multiply the hazard, separated by commas.", plain,
              allowed::names());
  nidus::bind(handler, "At least", transition.at_least, "Gates, 'signal: value': possible only if signal >= value.",
              {"1", "[A]", "L"}, allowed::named_numbers(0.0, 1.0));
  nidus::bind(handler, "At most", transition.at_most, "Gates, 'signal: value': possible only if signal <= value.",
              {"1", "[A]", "L"}, allowed::named_numbers(0.0, 1.0));
  nidus::bind(
      handler, "Daughters", transition.daughters,
      "For a division, 'type.state + type.state: probability', separated by commas; the mother takes the first fate, "
      "a new agent the second. The probabilities sum to one.",
      {"1", "[M: Enderling 2009] for cancer stem cells", "L"}, allowed::named_numbers(0.0, 1.0));
  nidus::bind(handler, "Favoured fate", transition.favoured_fate,
              "The one of 'Daughters' whose odds the niche changes, logit(p) = logit(p0) + sum of weight times signal; "
              "the others keep their proportions. Empty: none.",
              plain);
  nidus::bind(handler, "Fate weights", transition.fate_weights,
              "What signals add to the log-odds of the favoured fate, 'signal: weight'.", {"1", "[A]", "L"},
              allowed::named_numbers(-1e2, 1e2));
  handler.leave_subsection();
}

void declare_identity(AgentTypeParameters &type, ParameterHandler &handler)
{
  nidus::bind(handler, "Label", type.label, "Name in legends; empty: the name of the type.", plain);
  nidus::bind(handler, "Group", type.group, "Statistics count host and tumour agents apart.", plain,
              Patterns::Selection("host|tumour"));
  nidus::bind(handler, "Radius", type.radius,
              "Radius of an agent; 8.41 for MCF-7, 7.5 for stem cells, 4.5 for progenitors.", {"um", "[C1]", "H"},
              Patterns::Double(0.1, 1000.0));
  nidus::bind(handler, "Cells represented", type.cells_represented,
              "Biological cells that one agent stands for in secretion and uptake.", {"1"}, allowed::positive());
  nidus::bind(handler, "Maximum divisions", type.maximum_divisions,
              "Divisions of an agent since its lineage became this type; 0: no limit. 10 for tumour progeny.",
              {"1", "[V32]", "M"}, Patterns::Integer(0, 1000000));
}

void declare_placement(AgentTypeParameters &type, ParameterHandler &handler)
{
  nidus::bind(handler, "Initial density", type.initial_density,
              "Agents at the start, 'region: density'; 1e-4 is 1e8 per mL.", {"1/um^3 or 1/um^2 in 2-D", "[A]", "L"},
              allowed::named_numbers(0.0, 1.0));
  nidus::bind(handler, "Initial positions", type.initial_positions,
              "Agents put at given places at the start: 'x y z; x y z; ...' (two numbers each in 2-D).",
              {"um", "[A]", "L"});
  nidus::bind(
      handler, "Initial positions file", type.initial_positions_file,
      "The same from a table: a line 'x,y,z' or 'x,y,z,state' for each agent, in 2-D without z; a first line of "
      "names and lines with # are passed over; all in um. Relative to the folder of this parameter file.",
      {"none", "[A]", "L"});
  nidus::bind(handler, "Initial state", type.initial_state, "State of the agents placed at the start.", plain);
  nidus::bind(handler, "Lining density", type.initial_lining_density,
              "Agents added at the start within the lining distance of regions without tissue.",
              {"1/um^3 or 1/um^2 in 2-D", "[A]", "L"}, Patterns::Double(0.0, 1.0));
  nidus::bind(handler, "Lining distance", type.lining_distance, "Thickness of the lining.", {"um", "[A]", "L"},
              allowed::non_negative());
}

void declare_motion(AgentTypeParameters &type, ParameterHandler &handler)
{
  nidus::bind(
      handler, "Speed", type.speed,
      "Root mean square of the active velocity, the median over agents; 0.2 for breast cancer cells in collagen. "
      "0: the agent does not crawl.",
      {"um/min", "[V30]", "H"}, Patterns::Double(0.0, 1e3));
  nidus::bind(handler, "Speed spread", type.speed_spread,
              "Standard deviation of the logarithm of the speed between agents.", {"1", "[V22]", "L"},
              Patterns::Double(0.0, 3.0));
  nidus::bind(handler, "Chemokinesis", type.chemokinesis,
              "Effects on the speed, 'signal: weight': the speed is multiplied by 1 + the sum of weight * signal; the "
              "drift is not. Signals of neighbours and pressure are not possible.",
              {"1", "[A]", "L"}, allowed::named_numbers(-1.0, 1e3));
  nidus::bind(handler, "Persistence time", type.persistence_time,
              "Decay time of the velocity autocorrelation, the median over agents.", {"min", "[M: Wu 2014]", "M"},
              allowed::positive());
  nidus::bind(handler, "Persistence spread", type.persistence_spread,
              "Standard deviation of the logarithm of the persistence time between agents; independent of their speed.",
              {"1", "[A]", "L"}, Patterns::Double(0.0, 3.0));
  nidus::bind(
      handler, "Walk", type.walk,
      "How an agent crawls. ornstein-uhlenbeck: the velocity fluctuates about the drift. biased direction: it runs "
      "straight with its speed and turns at exponential intervals, on average the persistence time, towards "
      "(1 - b) x random unit vector + b x unit vector of the drift, b being 'Direction bias'.",
      plain, Patterns::Selection("ornstein-uhlenbeck|biased direction"));
  nidus::bind(
      handler, "Direction bias", type.direction_bias,
      "Weight b of the direction of the drift when an agent of the walk 'biased direction' turns; 0: at random, "
      "1: straight along the drift.",
      {"1", "[A]", "L"}, allowed::fraction());
  nidus::bind(handler, "Maximum drift", type.maximum_drift, "A greater drift is cut to this length.",
              {"um/min", "[A]", "L"}, allowed::non_negative());
  nidus::bind(handler, "Haptotaxis", type.haptotaxis,
              "Drift per unit difference of an immobile field across the agent, 'field: speed'.",
              {"um/min", "[A]", "L"}, allowed::named_numbers(-1e4, 1e4));
  nidus::bind(
      handler, "Repulsion", type.repulsion,
      "Speed by which full overlap pushes apart; between types the geometric mean counts. 0: neither pushes nor is "
      "pushed.",
      {"um/min", "[C1]", "M"}, Patterns::Double(0.0, 1e4));
  nidus::bind(handler, "Adhesion", type.adhesion,
              "Speed scale of attraction; of two types that do not name each other the geometric mean counts.",
              {"um/min", "[C1]", "M"}, Patterns::Double(0.0, 1e4));
  nidus::bind(handler, "Adhesion with", type.adhesion_with,
              "Attraction to given types, 'type: speed'. If both types name each other, the larger speed counts.",
              {"um/min", "[A]", "L"}, allowed::named_numbers(0.0, 1e4));
}

void declare_type(const ParameterFile &file, AgentTypeParameters &type, ParameterHandler &handler)
{
  // Bound entries are stored by address: each list has its final length before any of its members is bound.
  type.receptors = named_list<ReceptorParameters>(file, {"Agents", type.name, "Receptors"});
  type.states = named_list<StateParameters>(file, {"Agents", type.name, "States"});
  type.transitions = named_list<TransitionParameters>(file, {"Agents", type.name, "Transitions"});

  handler.enter_subsection(type.name);
  declare_identity(type, handler);
  declare_placement(type, handler);
  declare_motion(type, handler);
  const auto declare_list = [&handler](const std::string &section, auto &list, const auto &declare_one) {
    handler.enter_subsection(section);
    for (auto &item : list)
      declare_one(item, handler);
    handler.leave_subsection();
  };
  declare_list("Receptors", type.receptors, declare_receptor);
  declare_list("States", type.states, declare_state);
  declare_list("Transitions", type.transitions, declare_transition);
  handler.leave_subsection();
}
} // namespace

void AgentParameters::declare(const ParameterFile &file, ParameterHandler &handler)
{
  types = named_list<AgentTypeParameters>(file, {"Agents"});
  types.erase(std::remove_if(types.begin(), types.end(),
                             [](const AgentTypeParameters &type) { return type.name == mechanics_section; }),
              types.end());
  signals = named_list<SignalParameters>(file, {"Signals"});

  handler.enter_subsection("Agents");
  declare_mechanics(*this, handler);
  for (auto &type : types)
    declare_type(file, type, handler);
  handler.leave_subsection();

  handler.enter_subsection("Signals");
  for (auto &signal : signals)
    declare_signal(signal, handler);
  handler.leave_subsection();
}
} // namespace nidus
