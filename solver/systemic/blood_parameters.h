#pragma once

#include "control/parameter_file.h"

#include <string>
#include <vector>

namespace nidus
{
/// The primary tumour: its number of cells over time.
struct TumourParameters
{
  std::string growth = "none"; ///< none | exponential | gompertz
  double initial_cells = 0.0;
  double doubling_time = 2880.0;    ///< min, at time zero
  double carrying_capacity = 5.0e9; ///< cells (gompertz)
};

/// A soluble factor of the blood: dB/dt = k (B0 - B) + q N leak / V.
struct BloodFactorParameters
{
  std::string name;
  double baseline = 0.0;         ///< nM, without a tumour
  double tumour_secretion = 0.0; ///< molecules/min per tumour cell
  double leak = 1.0;             ///< fraction of it that reaches the blood
  double clearance = 0.02;       ///< 1/min
};

/// Cells in the blood: dH/dt = k (H0 (1 + gain Hill(B)) - H) + shedding N / V.
struct CirculatingParameters
{
  std::string name;
  double baseline = 0.0;    ///< cells/mL
  double clearance = 0.05;  ///< 1/min
  double shedding = 0.0;    ///< cells/min per tumour cell
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

  bool in_vessels() const { return place == "vessels"; }

  int mobilised_by_index = -1; ///< resolved
};

struct BloodParameters
{
  double volume = 1.7; ///< mL
  TumourParameters tumour;
  std::vector<BloodFactorParameters> factors;
  std::vector<CirculatingParameters> circulating;

  void declare(const ParameterFile &file, dealii::ParameterHandler &handler);
  void resolve();

  std::vector<std::string> factor_names() const;
  std::vector<std::string> circulating_names() const;
};
} // namespace nidus
