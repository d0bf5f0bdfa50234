#include "systemic/blood_parameters.h"

#include "control/entry_units.h"
#include "control/file_name.h"
#include "control/input_error.h"
#include "control/named_list.h"
#include "control/names_of.h"
#include "control/nearest_name.h"
#include "control/random.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace nidus
{
namespace
{
std::string table_form(const char *unit)
{
  return std::string("file of two columns 'time [min], value [") + unit +
         "]' with a header, linear between its rows, which cover the run; beside the parameter file, or among those "
         "that come with the program.";
}

void declare_tumour(dealii::ParameterHandler &handler, TumourParameters &tumour)
{
  handler.enter_subsection("Tumour");
  bind(handler, "Growth", tumour.growth,
       "Law of growth of the primary tumour; none: its number of cells is constant; table: 'Table' says it.", {"none"},
       dealii::Patterns::Selection("none|exponential|gompertz|table"));
  bind(handler, "Initial cells", tumour.initial_cells, "Tumour cells at time zero.", {"cells", "[A]", "L"},
       allowed::non_negative());
  bind(handler, "Doubling time", tumour.doubling_time, "Doubling time at time zero.", {"min", "[A]", "M"},
       allowed::positive());
  bind(handler, "Carrying capacity", tumour.carrying_capacity, "Limit of Gompertz growth.",
       {"cells", "[V38] 3.7 g at day 35", "M"}, allowed::positive());
  bind(handler, "Table", tumour.table.file, "For 'table': " + table_form("cells"), {"none"}, allowed::file());
  handler.leave_subsection();
}

void declare_factor(dealii::ParameterHandler &handler, BloodFactorParameters &factor)
{
  bind(handler, "Baseline", factor.baseline, "Level without a tumour.", {"nM", "model table 4.5", "M to L"},
       allowed::non_negative());
  bind(handler, "Tumour secretion", factor.tumour_secretion, "Secretion of one tumour cell.",
       {"molecules/min", "[V26] for VEGF; others [A]", "M to L"}, allowed::non_negative());
  bind(handler, "Leak", factor.leak, "Fraction of the tumour's secretion that reaches the blood.", {"1", "[A]", "L"},
       allowed::fraction());
  declare_molar_mass(handler);
  bind(handler, "Clearance", factor.clearance, "Loss from plasma.", {"1/min", "[V26] 0.0206 for VEGF", "M"},
       allowed::positive());
  bind(handler, "Table", factor.table.file,
       "A level that is prescribed, in place of the entries above: " + table_form("nM"), {"none"}, allowed::file());
  bind(handler, "Exchange with the organ", factor.exchange,
       "Whether what the walls of its vessels take from the blood lowers the level in the blood; the organ is often a "
       "negligible sink.",
       {"none"}, dealii::Patterns::Selection("ignored|taken into account"));
  bind(handler, "Secretion of metastases", factor.secretion_of_metastases,
       "Whether agents of group 'tumour' secrete into the blood as much as cells of the primary tumour, times 'Cells "
       "represented' and 'Scale of the organ'. What they secrete into the tissue comes on top.",
       {"none"}, dealii::Patterns::Selection("on|off"));
}

void declare_circulating(dealii::ParameterHandler &handler, CirculatingParameters &cells)
{
  bind(handler, "Baseline", cells.baseline,
       "Concentration in blood without a tumour; clusters are counted, not their cells.",
       {"cells/mL", "[M] 200 for mouse progenitors", "L"}, allowed::non_negative());
  bind(handler, "Clearance", cells.clearance, "Loss from the blood, arrest in all organs included.",
       {"1/min", "[A]", "L"}, allowed::positive());
  bind(handler, "Shedding", cells.shedding, "Cells (or clusters) that one tumour cell sheds into the blood.",
       {"1/min", "[M: Butler & Gullino 1975] 3e6 cells/g/day = 2e-6; range 1e-8 to 1e-5", "L"},
       allowed::non_negative());
  bind(handler, "Spread between animals", cells.spread,
       "Standard deviation of the logarithm of the shedding between animals, which are runs with different seeds "
       "(replicates): nodule counts vary more than chance alone allows.",
       {"1", "[V38] counts from 0 to 20", "L"}, dealii::Patterns::Double(0.0, 3.0));
  bind(handler, "Mobilised by", cells.mobilised_by, "Blood factor that raises the release; empty: none.", {"none"});
  bind(handler, "Mobilisation gain", cells.mobilisation_gain, "Relative rise of the release at saturation.",
       {"1", "[A]", "L"}, allowed::non_negative());
  bind(handler, "Mobilisation half-saturation", cells.mobilisation_half_saturation,
       "Level of the factor at half of the rise.", {"nM", "[A]", "L"}, allowed::positive());
}

void declare_arrest(dealii::ParameterHandler &handler, CirculatingParameters &cells)
{
  bind(handler, "Arrives as", cells.arrives_as,
       "What an arrested cell becomes: 'type.state: fraction, ...', fractions that sum to one.", {"none"});
  bind(handler, "Arrest probability", cells.arrest_probability, "Probability to arrest in one passage, basal.",
       {"1", "[A]", "L"}, allowed::fraction());
  bind(handler, "Arrest weights", cells.arrest_weights,
       "Probability that is added at full strength of a signal of kind 'field', as 'signal: probability, ...'.",
       {"1", "[A]; evidence for the niche effect is contested [V5-V7]", "L"}, allowed::named_numbers(0.0, 1.0));
  bind(handler, "Cells per cluster", cells.cells_per_cluster,
       "Agents that arrive together, each touching another: the population is one of such clusters; 1: single cells.",
       {"1", "[A]", "L"}, dealii::Patterns::Integer(1, 1000));
  bind(handler, "Table", cells.table.file,
       "A concentration that is prescribed, in place of baseline, clearance, shedding and mobilisation: " +
           table_form("cells/mL"),
       {"none"}, allowed::file());
  bind(handler, "Arrests", cells.arrests,
       "Whether cells that arrest in the organ are taken from the blood one by one; 'Clearance' is then that of all "
       "other organs.",
       {"none"}, dealii::Patterns::Selection("ignored|taken into account"));
  bind(handler, "Shedding of metastases", cells.shedding_of_metastases,
       "Whether agents of group 'tumour' in states in which they divide shed as many cells as those of the primary "
       "tumour, times 'Cells represented' and 'Scale of the organ'.",
       {"none"}, dealii::Patterns::Selection("on|off"));
  bind(handler, "Place", cells.place,
       "tissue: they arrest by volume, in proportion to 'Blood flow' of the region; vessels: at the walls of resolved "
       "vessels (section Vessels), in proportion to the flow in each.",
       {"none"}, dealii::Patterns::Selection("tissue|vessels"));
  bind(handler, "Arrest length", cells.arrest_length,
       "For 'vessels': length of the way in vessels to which the probabilities of arrest belong.", {"um", "[A]", "L"},
       allowed::positive());
  bind(handler, "Trapping radius", cells.trapping_radius,
       "For 'vessels': in a vessel of this radius r0 arrests half of what does in a very thin one, "
       "1 / (1 + (r / r0)^exponent); 0: the radius does not matter.",
       {"um", "[A] about the radius of the cell", "L"}, allowed::non_negative());
  bind(handler, "Trapping exponent", cells.trapping_exponent, "How steeply trapping falls with the radius of a vessel.",
       {"1", "[A]", "L"}, allowed::positive());
}

/// What a table prescribes, no other entry may move.
template <typename T>
void must_be_unset(const bool unset, const std::string &path, const char *entry, const T &value)
{
  std::ostringstream text;
  text << value;
  if (!unset)
    throw InputError(path + entry, text.str(), "nothing beside " + path + "Table, which prescribes all",
                     "remove one of the two entries");
}

void check_prescribed(const BloodFactorParameters &factor)
{
  if (!factor.table.given())
    return;
  const BloodFactorParameters unset;
  const std::string path = "Blood/Factors/" + factor.name + "/";
  must_be_unset(factor.baseline == unset.baseline, path, "Baseline", factor.baseline);
  must_be_unset(factor.tumour_secretion == unset.tumour_secretion, path, "Tumour secretion", factor.tumour_secretion);
  must_be_unset(factor.leak == unset.leak, path, "Leak", factor.leak);
  must_be_unset(factor.clearance == unset.clearance, path, "Clearance", factor.clearance);
  must_be_unset(!factor.feels_organ(), path, "Exchange with the organ", factor.exchange);
  must_be_unset(!factor.feels_metastases(), path, "Secretion of metastases", "on");
}

void check_prescribed(const CirculatingParameters &cells)
{
  if (!cells.table.given())
    return;
  const CirculatingParameters unset;
  const std::string path = "Blood/Circulating/" + cells.name + "/";
  must_be_unset(cells.baseline == unset.baseline, path, "Baseline", cells.baseline);
  must_be_unset(cells.clearance == unset.clearance, path, "Clearance", cells.clearance);
  must_be_unset(cells.shedding == unset.shedding, path, "Shedding", cells.shedding);
  must_be_unset(cells.mobilised_by.empty(), path, "Mobilised by", cells.mobilised_by);
  must_be_unset(!cells.loses_arrests(), path, "Arrests", cells.arrests);
  must_be_unset(!cells.feels_metastases(), path, "Shedding of metastases", "on");
}
} // namespace

void BloodParameters::declare(const ParameterFile &file, dealii::ParameterHandler &handler)
{
  handler.enter_subsection("Blood");
  bind(handler, "Volume", volume, "Blood volume of the animal.", {"mL", "[M] mouse", "M"}, allowed::positive());
  bind(
      handler, "Scale of the organ", scale_of_organ,
      "How many such organs, or pieces of tissue, the blood flows through: factor of what the organ gives to the blood "
      "and takes from it, where that is taken into account.",
      {"1", "[A]", "L"}, allowed::positive());
  declare_tumour(handler, tumour);

  declare_named_list(file, handler, {"Blood", "Factors"}, factors, declare_factor);
  declare_named_list(file, handler, {"Blood", "Circulating"}, circulating, [](auto &parameters, auto &cells) {
    declare_circulating(parameters, cells);
    declare_arrest(parameters, cells);
  });
  handler.leave_subsection();
}

std::vector<std::pair<std::string, TimeTable *>> BloodParameters::tables()
{
  std::vector<std::pair<std::string, TimeTable *>> list;
  const auto add = [&list](const std::string &path, TimeTable &table) {
    if (table.given())
      list.emplace_back(path + "/Table", &table);
  };
  add("Blood/Tumour", tumour.table);
  for (auto &factor : factors)
    add("Blood/Factors/" + factor.name, factor.table);
  for (auto &cells : circulating)
    add("Blood/Circulating/" + cells.name, cells.table);
  return list;
}

bool BloodParameters::metastases_feed_back() const
{
  return std::any_of(factors.begin(), factors.end(), [](const auto &f) { return f.feels_metastases(); }) ||
         std::any_of(circulating.begin(), circulating.end(), [](const auto &c) { return c.feels_metastases(); });
}

void BloodParameters::draw_animal(const std::uint64_t seed)
{
  for (std::size_t p = 0; p < circulating.size(); ++p)
  {
    circulating[p].animal = std::exp(circulating[p].spread * random::normal({seed, p, 0, random::Purpose::animal})[0]);
    circulating[p].shedding *= circulating[p].animal;
  }
}

void BloodParameters::resolve(const double end_time)
{
  for (const auto &[entry, table] : tables())
    table->parse(entry, end_time);
  if ((tumour.growth == "table") != tumour.table.given())
    throw InputError("Blood/Tumour/Table", tumour.table.file, "a file with 'Growth = table', and nothing without",
                     "set both entries, or none");
  for (const auto &factor : factors)
    check_prescribed(factor);
  for (const auto &cells : circulating)
    check_prescribed(cells);
  if (tumour.growth == "gompertz" && tumour.carrying_capacity <= tumour.initial_cells)
    throw input_error("Blood/Tumour/Carrying capacity", tumour.carrying_capacity,
                      "more than the initial cells for Gompertz growth", "raise it, or lower 'Initial cells'");
  if (tumour.growth != "none" && tumour.growth != "table" && tumour.initial_cells <= 0.0)
    throw input_error("Blood/Tumour/Initial cells", tumour.initial_cells, "a number above 0 for a tumour that grows",
                      "set it, or set 'Growth = none'");
  const auto names = factor_names();
  for (auto &cells : circulating)
  {
    const std::string path = "Blood/Circulating/" + cells.name + "/";
    if (cells.arrives_as.empty())
      throw InputError(path + "Arrives as", "", "'type.state: fraction, ...'", "for example 'hpc.arrested: 1'");
    if (cells.mobilised_by.empty())
      continue;
    const auto found = std::find(names.begin(), names.end(), cells.mobilised_by);
    if (found == names.end())
      throw InputError(path + "Mobilised by", cells.mobilised_by, listed(names) + " (the names of Blood/Factors)",
                       did_you_mean(cells.mobilised_by, names, "add the factor, or correct the name"));
    cells.mobilised_by_index = static_cast<int>(found - names.begin());
  }
}

std::vector<std::string> BloodParameters::factor_names() const
{
  return names_of(factors);
}

std::vector<std::string> BloodParameters::circulating_names() const
{
  return names_of(circulating);
}
} // namespace nidus
