#pragma once

#include "fields/multigrid_system.h"
#include "organ/organ.h"

#include <memory>
#include <string>
#include <vector>

/// Problems for the benchmarks of fields: a cube of tissue on three kinds of mesh.
namespace nidus::benchmark
{
struct ProblemChoice
{
  std::string mesh = "uniform"; ///< uniform | refined | mapped
  unsigned int cells = 46;      ///< along an edge, before local refinement
  unsigned int n_fields = 4;
  double contrast = 4.0; ///< of diffusivity, tissue over the cylinder in its middle; 1: one region
  double step = 0.0;     ///< min; 0: quasi-steady
  double gauss_share = 0.0;
};

constexpr double edge = 20.0, decay = 0.01, largest_diffusivity = 3600.0;

/**
 * An organ, its fields and a linear problem (K + c) x = b: field s has diffusivity 3600 / 2^(s mod 4) um^2/min, decay
 * 0.01/min, uptake of 0.1/min at each hundredth node and point sources at each five-hundredth, all chosen by place.
 */
struct FieldProblem
{
  explicit FieldProblem(const ProblemChoice &choice);
  ~FieldProblem();
  FieldProblem(const FieldProblem &) = delete;
  FieldProblem &operator=(const FieldProblem &) = delete;

  void set_step(double step);
  double n_values() const { return static_cast<double>(fields->n_nodes()) * choice.n_fields; }

  ProblemChoice choice;
  OrganParameters organ_parameters;
  FieldsParameters field_parameters;
  std::unique_ptr<Organ<3>> organ;
  std::unique_ptr<FieldSet<3>> fields;
  std::unique_ptr<MultigridSystem<3>> system;
  Vec c = nullptr, b = nullptr, x = nullptr;
  double seconds_mesh = 0.0, seconds_fields = 0.0, seconds_system = 0.0, seconds_step = 0.0;
};
} // namespace nidus::benchmark
