#pragma once

#include "observables/agent_selection.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nidus
{
struct FieldsParameters;
struct BloodParameters;

/// N = 1 - exp(-sum of max(beta, 0) * s) over signals s (model 3.2).
struct NicheIndexParameters
{
  std::map<std::string, double> weights; ///< signal -> beta; empty: off
  std::string of;                        ///< type through whose receptors signals of occupancy look at a place

  std::vector<std::pair<int, double>> signals; ///< resolved: signal, weight
  int of_type = -1;                            ///< resolved

  bool any() const { return !weights.empty(); }
};

/// Groups of agents that are connected within a distance.
struct ColonyParameters
{
  std::vector<std::string> types; ///< empty: off
  std::vector<std::string> states;
  double distance = 25.0;        ///< um, centre to centre
  unsigned int micro_from = 4;   ///< cells
  double macro_diameter = 500.0; ///< um

  AgentSelection members; ///< resolved

  bool any() const { return !types.empty(); }
};

/// Virtual histology.
struct SectionParameters
{
  unsigned int number = 0; ///< 0: off
  double thickness = 8.0;  ///< um
  std::vector<std::string> of;
  unsigned int cluster_size = 5;
  double cluster_distance = 30.0; ///< um

  AgentSelection agents; ///< resolved

  bool any() const { return number > 0; }
};

/// Part of the tissue in which a field is above a value.
struct PositiveFractionParameters
{
  std::string name, field;
  double above = 0.5; ///< in the unit of the field
  int field_index = -1;
};

struct PairCorrelationParameters
{
  std::string name;
  std::vector<std::string> from, to;
  double radius = 200.0; ///< um
  unsigned int bins = 20;
  unsigned int reference_points = 20000;

  AgentSelection from_agents, to_agents; ///< resolved
};

/// What tumour cells meet.
struct TumourCellParameters
{
  std::vector<std::string> types;    ///< empty: off
  std::string receptor, field;       ///< empty: not asked for
  std::vector<std::string> surfaces; ///< the distances to which are asked for; known when there is a mesh

  AgentSelection agents;        ///< resolved
  int field_index = -1;         ///< resolved
  std::vector<int> receptor_of; ///< resolved: by type; -1: none

  bool any() const { return !types.empty(); }
};

/// What has become of the agents that were seeded or have arrived.
struct FateParameters
{
  std::vector<std::string> types; ///< empty: off
  std::vector<std::string> dormant, engaged;

  AgentSelection founders, dormant_agents, engaged_agents; ///< resolved

  bool any() const { return !types.empty(); }
};

struct BloodGradientParameters
{
  std::string name, field, factor;
  int field_index = -1, factor_index = -1; ///< resolved
};

/// The section `Observables`: what a run measures of itself at each output. Everything is off by default.
struct ObservablesParameters
{
  NicheIndexParameters niche_index;
  ColonyParameters colonies;
  SectionParameters sections;
  std::vector<PositiveFractionParameters> positive_fractions;
  std::vector<PairCorrelationParameters> pair_correlations;
  TumourCellParameters tumour_cells;
  FateParameters fates;
  std::vector<BloodGradientParameters> blood_gradients;

  /// Makes the lists as long as the file says, and declares all entries.
  void declare(const ParameterFile &file, dealii::ParameterHandler &handler);

  /// Turns names into indices and checks everything; the others must be resolved. Throws InputError naming both ends
  /// of a broken reference.
  void resolve(const AgentParameters &agents, const FieldsParameters &fields, const BloodParameters &blood,
               unsigned int dimension);
};
} // namespace nidus
