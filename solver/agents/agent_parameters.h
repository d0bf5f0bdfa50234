#pragma once

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace dealii
{
class ParameterHandler;
}

namespace nidus
{
class ParameterFile;

/// Shape of a signal: how a raw quantity x becomes a number in [0, 1].
enum class Response
{
  linear,     ///< min(x / scale, 1)
  hill,       ///< x^n / (scale^n + x^n)
  exponential ///< 1 - exp(-x / scale)
};

enum class SignalKind
{
  field,         ///< value of a field at the agent, in the field's unit
  occupancy,     ///< bound receptors of the agent over the receptor number of its type
  neighbours,    ///< number of other agents of given types (and states) within a radius
  time_in_state, ///< min
  blood,         ///< level of a blood factor, nM
  pressure,      ///< sum over neighbours of the squared relative overlap (1 - d/(Ri+Rj))^2, dimensionless
  bound_ligand,  ///< bound receptors of a cell, molecules
  drug,          ///< effect of an intervention, in [0, 1]
  combination    ///< weighted sum of other signals
};

inline bool reads_receptor(const SignalKind kind)
{
  return kind == SignalKind::occupancy || kind == SignalKind::bound_ligand;
}
inline bool needs_neighbours(const SignalKind kind)
{
  return kind == SignalKind::neighbours || kind == SignalKind::pressure;
}

/// One entry of the list `Signals`: a raw quantity at an agent becomes a number in [0, 1]. The raw quantity of a
/// combination is the sum of weight times signal, of fibroblast activation for example (model 2.5, S_act).
struct SignalParameters
{
  std::string name;
  std::string kind = "field";
  std::string of;                      ///< field, receptor, blood factor or intervention, by kind
  std::vector<std::string> neighbours; ///< {"hpc", "fib.activated"}
  double radius = 30.0;                ///< um
  std::map<std::string, double> parts; ///< signal -> weight
  std::string response = "linear";
  double scale = 1.0; ///< in the unit of the raw quantity
  double exponent = 1.0;

  // Resolved:
  SignalKind kind_id = SignalKind::field;
  Response response_id = Response::linear;
  int of_index = -1; ///< field, blood factor or intervention; receptors are looked up by type
  std::vector<std::pair<int, int>> neighbour_states; ///< (type, state or -1 for any)
  std::vector<std::pair<int, double>> part_signals;  ///< none of them a combination
};

/// A receptor. Quasi-steady: occupancy sum(w c) / (K + sum(w c)); the consumed ligand is internalised at k_e R times
/// its share of the occupancy. Full: agents/receptor_kinetics.
struct ReceptorParameters
{
  std::string name;
  std::map<std::string, double> ligands; ///< field -> weight in the sensed concentration
  double dissociation_constant = 25.0;   ///< nM
  double number = 25000.0;               ///< per cell; the median over agents
  double number_spread = 0.0;            ///< standard deviation of the logarithm between agents
  double internalisation_rate = 0.0;     ///< 1/min
  std::string kinetics = "quasi-steady";
  double on_rate = 5.04;          ///< k_on, 1/(nM min)
  double off_rate = 22.0;         ///< k_off, 1/min
  double constitutive_rate = 0.0; ///< k_t, internalisation of free receptors, 1/min
  double recycling_rate = 0.04;   ///< k_rec, 1/min
  double synthesis_rate = 0.0;    ///< k_syn, molecules/(cell min)
  double degradation_rate = 0.0;  ///< k_deg, 1/min
  std::string consumed_ligand;    ///< field that loses what is internalised; empty: none
  double sensitivity = 0.0;       ///< drift per unit occupancy difference across the agent, um/min
  double threshold = 0.0;         ///< smallest occupancy difference that is detected

  std::vector<std::pair<int, double>> ligand_fields; ///< resolved
  int consumed_field = -1;                           ///< resolved; -1: none
  double consumed_weight = 0.0;                      ///< resolved: weight of the consumed ligand
  int slot = -1; ///< resolved: number among the full receptors of its type; -1: quasi-steady

  bool is_full() const { return slot >= 0; }
  double affinity() const ///< K without drugs, nM
  {
    return is_full() ? (off_rate + internalisation_rate) / on_rate : dissociation_constant;
  }
};

struct StateParameters
{
  std::string name;
  double speed_factor = 1.0;               ///< times the type's speed and drift; 0: does not crawl
  double adhesion_factor = 1.0;            ///< times that of the other agent, times the adhesion of the types
  std::map<std::string, double> secretion; ///< field -> molecules/min (nM fields) or um^3/min (fractions)
  std::map<std::string, double> saturating_secretion; ///< the same, times (1 - field): fills up to one

  std::vector<std::pair<int, double>> secreted_fields;   ///< resolved
  std::vector<std::pair<int, double>> saturating_fields; ///< resolved
};

/// What a transition leads to.
enum class Outcome
{
  state,     ///< another state, of the same or of another type
  death,     ///< the agent is removed and counted as dead
  departure, ///< the agent is removed and counted as having left the organ with the blood
  division
};

/// hazard = base rate * exp(sum of weights * signals) * product of factors, if all gates are open; 1/min.
/// A division takes the favoured fate with logit(p) = logit(p0) + sum of fate weights * signals, and the others in
/// their proportions (model 3.4). With k stages the waiting time at a constant hazard h is Erlang distributed: mean
/// 1/h, variance 1/(k h^2).
struct TransitionParameters
{
  std::string name;
  std::string from;
  std::string to;          ///< a state, "type.state", "death", "departure" or "division"
  double base_rate = 0.0;  ///< 1/min
  unsigned int stages = 1; ///< passed one after the other, each with the hazard times this number
  std::map<std::string, double> weights;
  std::vector<std::string> factors;
  std::map<std::string, double> at_least;  ///< gate: signal >= value
  std::map<std::string, double> at_most;   ///< gate: signal <= value
  std::map<std::string, double> daughters; ///< "csc.proliferating + tum.proliferating" -> probability
  std::string favoured_fate;               ///< one of them
  std::map<std::string, double> fate_weights;

  struct Fate
  {
    double probability;
    std::pair<int, int> first, second; ///< (type, state)
  };
  Outcome outcome = Outcome::state;
  int from_state = -1, to_type = -1, to_state = -1;
  std::vector<std::pair<int, double>> weighted_signals;
  std::vector<int> factor_signals;
  std::vector<std::pair<int, double>> lower_gates, upper_gates;
  std::vector<Fate> fates;
  std::vector<std::pair<int, double>> fate_signals;
  int favoured = -1; ///< fate whose odds the signals change; -1: none
};

/// An agent that the file puts at a place.
struct PlacedAgent
{
  std::array<double, 3> position{{0.0, 0.0, 0.0}}; ///< um; in 2-D the third is zero
  int state = -1;
  std::string origin, text; ///< the entry and what it says, for messages
};

/// How the active velocity of a type changes.
enum class Walk
{
  ornstein_uhlenbeck, ///< agents/motility
  biased_direction    ///< agents/directed_walk
};

struct AgentTypeParameters
{
  std::string name;
  std::string label;                  ///< for legends; empty: the name
  std::string group = "host";         ///< host | tumour
  double radius = 8.41;               ///< um
  double cells_represented = 1.0;     ///< biological cells that one agent stands for, in secretion and uptake
  unsigned int maximum_divisions = 0; ///< of agents of this type since they became it; 0: no limit
  std::map<std::string, double> initial_density; ///< region -> agents per um^3
  std::string initial_state;                     ///< state of seeded agents
  std::string initial_positions;                 ///< "x y z; x y z", um
  std::string initial_positions_file;            ///< relative to the parameter file
  std::string positions_text;                    ///< what that file holds; read by load_parameters()
  double initial_lining_density = 0.0; ///< agents per um^3 added within the lining distance of non-tissue regions
  double lining_distance = 0.0;        ///< um

  double speed = 0.0;                         ///< root mean square active speed, um/min; the median over agents
  double speed_spread = 0.0;                  ///< standard deviation of the logarithm between agents
  std::map<std::string, double> chemokinesis; ///< signal -> weight: the speed is multiplied by 1 + sum weight * signal
  double persistence_time = 15.0;             ///< min, the median over agents
  double persistence_spread = 0.0;            ///< standard deviation of the logarithm between agents
  std::string walk = "ornstein-uhlenbeck";
  double direction_bias = 0.0;              ///< of the walk 'biased direction', in [0, 1]
  double maximum_drift = 1.0;               ///< um/min; a greater bias is cut to this length
  std::map<std::string, double> haptotaxis; ///< immobile field -> um/min per difference across the agent

  double repulsion = 10.0; ///< um/min; 0: the agent neither pushes nor is pushed
  double adhesion = 0.4;   ///< um/min; of two types that do not name each other the geometric mean counts
  std::map<std::string, double> adhesion_with; ///< type -> um/min; the larger of the directions that are named counts

  std::vector<ReceptorParameters> receptors;
  std::vector<StateParameters> states;
  std::vector<TransitionParameters> transitions;

  // Resolved:
  Walk walk_id = Walk::ornstein_uhlenbeck;
  std::vector<std::pair<int, double>> haptotaxis_fields;
  std::vector<std::pair<int, double>> chemokinesis_signals;
  std::vector<int> receptor_of_signal;            ///< per signal: the receptor of this type that it reads; -1: none
  std::vector<std::vector<int>> transitions_from; ///< per state: the transitions that leave it
  int initial_state_index = -1;
  std::vector<PlacedAgent> placed; ///< their order numbers them

  bool is_tumour() const { return group == "tumour"; }
  /// Moves by itself in the given state: only then does it need surroundings in a motion step.
  bool crawls(int state) const { return speed > 0.0 && states[state].speed_factor > 0.0; }
  /// Is pushed by others. Resident cells that do not crawl (speed 0) push, but stay where they are.
  bool is_displaced() const { return repulsion > 0.0 && (speed > 0.0 || is_tumour()); }
  bool moves() const { return speed > 0.0 || is_displaced(); }
};

/// What agents may refer to but other rooms own: names, and the space.
struct OutsideNames
{
  std::vector<std::string> fields;
  std::vector<std::string> blood_factors;
  std::vector<std::string> regions;
  std::vector<std::string> interventions = {};
  unsigned int dimension = 3; ///< of space
};

struct AgentParameters
{
  double adhesion_range = 1.25;      ///< times the sum of radii
  double mechanics_step = 0.5;       ///< min, the longest substep of mechanics
  double maximum_displacement = 0.1; ///< in one mechanics substep, over the agent's radius
  std::vector<SignalParameters> signals;
  std::vector<AgentTypeParameters> types;

  /// Makes the lists as long as the file says, and declares all entries.
  void declare(const ParameterFile &file, dealii::ParameterHandler &handler);

  /// Turns names into indices and checks everything. Throws InputError naming both ends of a broken reference.
  void resolve(const OutsideNames &outside);

  int type_index(const std::string &name) const; ///< -1: no such type
  int signal_index(const std::string &name) const;

  /// Doubles per agent that full receptors need: as many as the type with most.
  unsigned int receptor_doubles() const;

  /// The greatest distance at which two agents push or pull, um; 0: none does.
  double mechanical_reach() const;
  /// The greatest distance at which a signal notices other agents, um; 0: none does.
  double signal_reach() const;
  /// The greater of the two.
  double interaction_radius() const;
};

/// "type" or "type.state" -> (type, state or -1 for any). Throws InputError with @p entry as the place.
std::pair<int, int> parse_type_and_state(const AgentParameters &agents, const std::string &text,
                                         const std::string &entry);
} // namespace nidus
