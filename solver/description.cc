#include "agents/rule_review.h"
#include "control/memory.h"
#include "organ/boundaries.h"
#include "organ/connected_pieces.h"
#include "simulation.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

namespace nidus
{
namespace
{
std::string with_digits(const double value, const int digits)
{
  std::ostringstream text;
  text << std::setprecision(digits) << value;
  return text.str();
}

/// Distance over which a field decays around a source, um: sqrt(phi D / (phi k + k_v)), in the direction in which it
/// spreads least; 0 for immobile fields.
template <int dim>
double screening_length(const FieldParameters &field, const RegionParameters &region)
{
  const double fraction = field.interstitial ? region.interstitial_fraction : 1.0;
  const double loss = fraction * field.decay_rate + field.exchange_in(region.name);
  const double diffusivity = field.diffusivity_by_region.at(region.name) *
                             dealii::eigenvalues(region.template diffusion_tensor<dim>())[dim - 1];
  return loss > 0.0 ? std::sqrt(fraction * diffusivity / loss) : std::numeric_limits<double>::infinity();
}
/// "; FIELD: KIND, ..." for the conditions at a boundary.
std::string conditions_at(const FieldsParameters &fields, const std::string &boundary)
{
  std::string text;
  for (const auto &condition : fields.boundaries)
    if (condition.boundary == boundary)
      text += (text.empty() ? "; " : ", ") + condition.field + ": " + condition.kind_name;
  return text;
}
} // namespace

template <int dim>
Description Simulation<dim>::describe() const
{
  Description description;
  auto &lines = description.facts;
  lines.push_back("organ: " + std::to_string(organ.triangulation().n_global_active_cells()) + " cells, " +
                  std::to_string(organ.n_tissue_cells()) + " with tissue, " +
                  std::to_string(on_mesh->fields.n_nodes()) + " nodes, edges " + with_digits(organ.smallest_edge(), 4) +
                  " to " + with_digits(organ.largest_edge(), 4) + " um");
  for (std::size_t i = 0; i < organ.regions().size(); ++i)
    lines.push_back("region " + organ.regions()[i].name + ": " + with_digits(organ.region_volumes()[i] * 1e-9, 4) +
                    " mm^3" + (organ.regions()[i].tissue ? ", tissue" : ""));
  const auto &boundaries = organ.boundaries();
  for (std::size_t i = 0; i < boundaries.names().size(); ++i)
    lines.push_back("boundary " + boundaries.names()[i] + ": " + with_digits(boundaries.areas()[i], 4) +
                    (dim == 3 ? " um^2" : " um") + conditions_at(parameters.fields, boundaries.names()[i]));
  description.warnings = organ.warnings();
  for (const auto &warning : region_warnings(organ))
    description.warnings.push_back(warning);
  if (vessels != nullptr)
    for (const auto &line : vessels->describe())
      lines.push_back(line);
  const bool anything_moves = std::any_of(parameters.agents.types.begin(), parameters.agents.types.end(),
                                          [](const auto &type) { return type.moves(); });
  if (!organ.periodic_axes().empty() && anything_moves)
    description.warnings.push_back(
        "fields are periodic (Organ/Block/Periodic axes), but agents that move are reflected "
        "at the sides of the block, and neighbours across a side do not notice each other");
  for (const auto &field : parameters.fields.fields)
    for (const auto &region : organ.regions())
      if (region.tissue && field.mobile())
      {
        const double length = screening_length<dim>(field, region);
        lines.push_back("field " + field.name + " in " + region.name + ": screening length " + with_digits(length, 4) +
                        " um");
        if (organ.largest_edge() > length / 5.0)
          description.warnings.push_back("cells of " + with_digits(organ.largest_edge(), 4) + " um do not resolve " +
                                         field.name + " in " + region.name +
                                         " (longest useful edge: a fifth of the screening length, " +
                                         with_digits(length / 5.0, 4) + " um); gradients near sources will be blurred");
      }
  for (const auto &cells : parameters.blood.circulating)
    if (cells.spread > 0.0)
      lines.push_back("circulating " + cells.name + ": this animal sheds " + with_digits(cells.animal, 3) +
                      " times the median");
  lines.push_back(memory_forecast);
  if (!memory_warning.empty())
    description.warnings.push_back(memory_warning);
  const auto review = review_rules(parameters.agents, parameters.run.macro_step, on_mesh->arrivals.arriving());
  lines.insert(lines.end(), review.notes.begin(), review.notes.end());
  description.warnings.insert(description.warnings.end(), review.warnings.begin(), review.warnings.end());
  return description;
}

template <int dim>
std::vector<std::string> Simulation<dim>::set_up_lines()
{
  std::vector<std::string> lines;
  for (const auto &phases = set_up.phases(); phases_told < phases.size(); ++phases_told)
  {
    const auto &phase = phases[phases_told];
    const bool of_agents = phase.name == "agents" && account.seeded > 0;
    const double number = static_cast<double>(of_agents ? account.seeded : organ.n_tissue_cells());
    lines.push_back(phase_line(phase, number, of_agents ? "agent" : "cell with tissue"));
  }
  return lines;
}

template <int dim>
std::vector<std::string> Simulation<dim>::estimate_cost()
{
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  set_up.during("agents", [&] { seed(); });
  const auto ready = Clock::now();
  constexpr unsigned int trial_steps = 3;
  set_up.during("first step", [&] { advance(); });
  for (unsigned int i = 1; i < trial_steps; ++i)
    advance();
  const double per_step = std::chrono::duration<double>(Clock::now() - ready).count() / trial_steps;
  const double setup = std::chrono::duration<double>(ready - start).count();
  auto lines = set_up_lines();
  lines.push_back("agents at the start: " + std::to_string(account.seeded));
  lines.push_back("cost, from " + std::to_string(trial_steps) + " trial steps on " +
                  std::to_string(dealii::Utilities::MPI::n_mpi_processes(comm)) + " rank(s): about " +
                  with_digits((setup + per_step * static_cast<double>(time.n_steps())) / 60.0, 2) + " min for " +
                  std::to_string(time.n_steps()) + " steps, without output and later growth of the population");
  lines.push_back("memory of all ranks so far: " + with_digits(peak_memory(comm), 4) + " MB");
  return lines;
}

template Description Simulation<2>::describe() const;
template Description Simulation<3>::describe() const;
template std::vector<std::string> Simulation<2>::set_up_lines();
template std::vector<std::string> Simulation<3>::set_up_lines();
template std::vector<std::string> Simulation<2>::estimate_cost();
template std::vector<std::string> Simulation<3>::estimate_cost();
} // namespace nidus
