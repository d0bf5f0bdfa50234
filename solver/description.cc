#include "agents/rule_review.h"
#include "control/memory.h"
#include "described_agents.h"
#include "described_fields.h"
#include "described_treatments.h"
#include "io/aligned_table.h"
#include "organ/boundaries.h"
#include "organ/connected_pieces.h"
#include "simulation.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace nidus
{
namespace
{
void add(std::vector<std::string> &lines, const std::vector<std::string> &more)
{
  lines.insert(lines.end(), more.begin(), more.end());
}

/// A heading and what belongs to it.
void add_chapter(std::vector<std::string> &lines, const std::string &heading, const std::vector<std::string> &content)
{
  lines.push_back(heading);
  add(lines, content);
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

/// The disk space of @p n_outputs outputs, from what shipped runs wrote: 14 and 49 bytes per node with one and four
/// fields, compressed, and 63 and 69 per agent. Within a factor of two: how well a field is compressed depends on the
/// field.
std::string output_size(const double n_nodes, const double n_agents, const std::size_t n_fields, const double n_outputs)
{
  constexpr double per_node = 15.0, per_value = 8.0, per_agent = 65.0, megabyte = 1e6;
  const double one = n_nodes * (per_node + per_value * static_cast<double>(n_fields)) + n_agents * per_agent;
  return "disk: about " + rounded(one / megabyte, 2) + " MB for each of " + rounded(n_outputs, 4) + " outputs, " +
         rounded(one * n_outputs / megabyte, 2) + " MB in all, with the agents of the start";
}

template <int dim>
std::vector<std::string> describe_organ(const Organ<dim> &organ, const FieldsParameters &fields,
                                        const std::uint64_t n_nodes)
{
  std::vector<std::string> lines = {"  " + std::to_string(organ.triangulation().n_global_active_cells()) + " cells, " +
                                    std::to_string(organ.n_tissue_cells()) + " with tissue, " +
                                    std::to_string(n_nodes) + " nodes, edges " + rounded(organ.smallest_edge(), 4) +
                                    " to " + rounded(organ.largest_edge(), 4) + " um"};
  for (std::size_t i = 0; i < organ.regions().size(); ++i)
    lines.push_back("  region " + organ.regions()[i].name + ": " + rounded(organ.region_volumes()[i] * 1e-9, 4) +
                    " mm^3" + (organ.regions()[i].tissue ? ", tissue" : ""));
  const auto &boundaries = organ.boundaries();
  for (std::size_t i = 0; i < boundaries.names().size(); ++i)
    lines.push_back("  boundary " + boundaries.names()[i] + ": " + rounded(boundaries.areas()[i], 4) +
                    (dim == 3 ? " um^2" : " um") + conditions_at(fields, boundaries.names()[i]));
  return lines;
}
} // namespace

template <int dim>
Description Simulation<dim>::describe() const
{
  Description description;
  auto &lines = description.facts;
  add_chapter(lines, "Organ", describe_organ(organ, parameters.fields, on_mesh->fields.n_nodes()));
  description.warnings = organ.warnings();
  add(description.warnings, region_warnings(organ));
  add_chapter(lines, "Vessels", {});
  for (const auto &line : vessels != nullptr ? vessels->describe() : std::vector<std::string>{"homogenised"})
    lines.push_back("  " + line);
  const bool anything_moves = std::any_of(parameters.agents.types.begin(), parameters.agents.types.end(),
                                          [](const auto &type) { return type.moves(); });
  if (!organ.periodic_axes().empty() && anything_moves)
    description.warnings.push_back(
        "fields are periodic (Organ/Block/Periodic axes), but agents that move are reflected "
        "at the sides of the block, and neighbours across a side do not notice each other");
  const auto fields = describe_fields<dim>(parameters.fields, organ.regions(), organ.largest_edge(),
                                           parameters.run.macro_step / parameters.run.field_substeps);
  add_chapter(lines,
              "Fields, against cells of " + rounded(organ.largest_edge(), 4) + " um and steps of " +
                  time_in_words(parameters.run.macro_step / parameters.run.field_substeps),
              fields.lines);
  add(description.warnings, fields.warnings);
  add_chapter(lines, "Agents", describe_agents(parameters.agents));
  const auto review = review_rules(parameters.agents, parameters.run.macro_step, on_mesh->arrivals.arriving());
  for (const auto &note : review.notes)
    lines.push_back("  " + note);
  add(description.warnings, review.warnings);
  add_chapter(lines, "Blood", describe_blood(parameters.blood));
  add_chapter(lines, "Interventions", describe_interventions(parameters.interventions, parameters.run.end_time));
  add_chapter(lines, "Memory", {"  " + memory_forecast});
  if (!memory_warning.empty())
    description.warnings.push_back(memory_warning);
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
  lines.push_back("time, from " + std::to_string(trial_steps) + " trial steps on " +
                  std::to_string(dealii::Utilities::MPI::n_mpi_processes(comm)) + " rank(s): about " +
                  rounded((setup + per_step * static_cast<double>(time.n_steps())) / 60.0, 2) + " min for " +
                  std::to_string(time.n_steps()) + " steps, without output and later growth of the population");
  lines.push_back("memory of all ranks so far: " + rounded(peak_memory(comm), 4) + " MB");
  lines.push_back(output_size(static_cast<double>(on_mesh->fields.n_nodes()), static_cast<double>(account.seeded),
                              parameters.fields.fields.size(),
                              1.0 + std::floor(parameters.run.end_time / parameters.output.interval)));
  for (auto &line : lines)
    line.insert(0, "  ");
  lines.insert(lines.begin(), "Cost");
  return lines;
}

template Description Simulation<2>::describe() const;
template Description Simulation<3>::describe() const;
template std::vector<std::string> Simulation<2>::set_up_lines();
template std::vector<std::string> Simulation<3>::set_up_lines();
template std::vector<std::string> Simulation<2>::estimate_cost();
template std::vector<std::string> Simulation<3>::estimate_cost();
} // namespace nidus
