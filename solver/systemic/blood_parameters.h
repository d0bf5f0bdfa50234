#pragma once

#include "control/parameter_file.h"
#include "systemic/time_table.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
/// The primary tumour: its number of cells over time.
struct TumourParameters
{
  std::string growth = "none"; ///< none | exponential | gompertz | table
  double initial_cells = 0.0;
  double doubling_time = 2880.0;    ///< min, at time zero
  double carrying_capacity = 5.0e9; ///< cells (gompertz)
  TimeTable table;                  ///< cells (table)
};

/// A soluble factor of the blood: dB/dt = k (B0 - B) + q N leak / V - what the organ takes / V; or a table.
struct BloodFactorParameters
{
  std::string name;
  double baseline = 0.0;                       ///< nM, without a tumour
  double tumour_secretion = 0.0;               ///< molecules/min per tumour cell
  double leak = 1.0;                           ///< fraction of it that reaches the blood
  double clearance = 0.02;                     ///< 1/min
  TimeTable table;                             ///< nM
  std::string exchange = "ignored";            ///< ignored | taken into account
  std::string secretion_of_metastases = "off"; ///< on: tumour agents of the organ secrete as the primary tumour does

  bool feels_organ() const { return exchange != "ignored"; }
  bool feels_metastases() const { return secretion_of_metastases == "on"; }
};

/// Cells in the blood: dH/dt = k (H0 (1 + gain Hill(B)) - H) + shedding N / V - arrests / V; or a table. They are
/// single cells or clusters, and are counted as such.
struct CirculatingParameters
{
  std::string name;
  double baseline = 0.0;    ///< cells/mL
  double clearance = 0.05;  ///< 1/min
  double shedding = 0.0;    ///< cells/min per tumour cell; the median over animals
  double spread = 0.0;      ///< standard deviation of the logarithm of the shedding between animals
  std::string mobilised_by; ///< blood factor; empty: none
  double mobilisation_gain = 0.0;
  double mobilisation_half_saturation = 0.01;   ///< nM
  std::string arrives_as;                       ///< "csc.arrested: 0.1, tum.arrested: 0.9"
  double arrest_probability = 0.0;              ///< per passage through the organ
  std::map<std::string, double> arrest_weights; ///< signal -> probability added at full signal
  std::string place = "tissue";                 ///< tissue | vessels: where they arrest
  double arrest_length = 1000.0;                ///< um, vessels: of the way to which the probabilities belong
  double trapping_radius = 0.0;                 ///< um, vessels: of one that holds half as many as a thin one; 0: any
  double trapping_exponent = 4.0;
  unsigned int cells_per_cluster = 1;         ///< agents that arrive together
  TimeTable table;                            ///< cells/mL
  std::string arrests = "ignored";            ///< ignored | taken into account
  std::string shedding_of_metastases = "off"; ///< on: tumour agents that divide shed as the primary tumour does

  bool loses_arrests() const { return arrests != "ignored"; }
  bool feels_metastases() const { return shedding_of_metastases == "on"; }
  bool in_vessels() const { return place == "vessels"; }

  int mobilised_by_index = -1;        ///< resolved
  double animal = 1.0;                ///< resolved: what this animal sheds over the median
  double greatest_intervention = 1.0; ///< resolved: the greatest factor of the arrest probability by interventions
};

struct BloodParameters
{
  double volume = 1.7;         ///< mL
  double scale_of_organ = 1.0; ///< how many such organs the blood flows through
  TumourParameters tumour;
  std::vector<BloodFactorParameters> factors;
  std::vector<CirculatingParameters> circulating;

  void declare(const ParameterFile &file, dealii::ParameterHandler &handler);
  /// The tables that the file names, each with its entry; their text has to be filled in before resolve().
  std::vector<std::pair<std::string, TimeTable *>> tables();

  /// Turns names into indices, reads the tables, which must cover the time to @p end_time (min), and checks everything.
  void resolve(double end_time = 0.0);

  /// Draws what each population sheds in the animal whose random numbers have this seed: log-normal.
  void draw_animal(std::uint64_t seed);

  /// Whether tumour agents in the organ act on the blood.
  bool metastases_feed_back() const;

  std::vector<std::string> factor_names() const;
  std::vector<std::string> circulating_names() const;
};
} // namespace nidus
