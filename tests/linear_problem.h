#pragma once

#include "meshes.h"

#include <petscksp.h>

/// One implicit step of two fields as a bare linear problem, to count the iterations of its solver.
namespace nidus::test
{
/// A slow and a fast field with decay; in the regions after the first they are @p contrast times as fast.
inline FieldsParameters slow_and_fast(const OrganParameters &organ, const double contrast)
{
  FieldsParameters parameters;
  std::vector<std::string> regions;
  for (const double diffusivity : {60.0, 3600.0})
  {
    auto field = test::field(diffusivity < 100.0 ? "slow" : "fast", 0.0, 0.01);
    field.diffusivity = "";
    for (std::size_t r = 0; r < organ.regions.size(); ++r)
      field.diffusivity +=
          (r > 0 ? ", " : "") + organ.regions[r].name + ": " + std::to_string(diffusivity * (r > 0 ? contrast : 1.0));
    parameters.fields.push_back(field);
  }
  for (const auto &region : organ.regions)
    regions.push_back(region.name);
  parameters.solver.preconditioner = "multigrid";
  parameters.resolve(regions, {});
  return parameters;
}

template <int dim>
class LinearProblem
{
public:
  LinearProblem(const OrganParameters &organ_parameters, const double contrast, MPI_Comm comm = MPI_COMM_WORLD)
      : organ(comm, organ_parameters), parameters(slow_and_fast(organ_parameters, contrast)), fields(organ, parameters),
        system(fields)
  {
    solution = system.create_vector();
    load = system.create_vector();
    diagonal = system.create_vector();
    PetscInt n = 0;
    VecGetLocalSize(load, &n);
    MatCreateShell(comm, n, n, PETSC_DETERMINE, PETSC_DETERMINE, &system, &matrix);
    MatShellSetOperation(matrix, MATOP_MULT, reinterpret_cast<void (*)()>(multiply));
    KSPCreate(comm, &solver);
    system.configure(solver, matrix, false);
    KSPSetNormType(solver, KSP_NORM_UNPRECONDITIONED);
    KSPSetTolerances(solver, 1e-8, 1e-300, 1e10, 1000);
    set_load();
  }
  ~LinearProblem()
  {
    KSPDestroy(&solver);
    MatDestroy(&matrix);
    for (Vec *vector : {&solution, &load, &diagonal})
      VecDestroy(vector);
  }
  LinearProblem(const LinearProblem &) = delete;
  LinearProblem &operator=(const LinearProblem &) = delete;

  /// Iterations until the residual has fallen to 1e-8 in a step of @p dt (min; infinite: steady). Collective.
  unsigned int iterations(const double dt)
  {
    double *c = nullptr;
    VecGetArrayWrite(diagonal, &c);
    for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
      for (unsigned int s = 0; s < fields.n_fields(); ++s)
        c[node * system.lanes() + s] = fields.volume(node, s) * (1.0 / dt + parameters.fields[s].decay_rate);
    VecRestoreArrayWrite(diagonal, &c);
    system.set_diagonal(diagonal);
    VecSet(solution, 0.0);
    KSPSolve(solver, load, solution);
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    KSPGetConvergedReason(solver, &reason);
    PetscInt count = 0;
    KSPGetIterationNumber(solver, &count);
    return reason > 0 ? static_cast<unsigned int>(count) : 1000;
  }

  unsigned int n_levels() const { return system.multigrid().n_levels(); }
  std::uint64_t n_nodes() const { return fields.n_nodes(); }

private:
  /// Noise that depends on the place alone, so that it holds all waves and is the same on any number of ranks.
  void set_load()
  {
    double *values = nullptr;
    VecGetArray(load, &values);
    fields.for_each_tissue_node([&](const dealii::Point<dim> &place, const unsigned int node) {
      for (unsigned int s = 0; s < fields.n_fields(); ++s)
      {
        double phase = 1.0 + s;
        for (int d = 0; d < dim; ++d)
          phase += (12.9898 + 65.2432 * d) * std::round(64.0 * place[d]) / 64.0;
        values[node * system.lanes() + s] = std::sin(43.7 * phase) * fields.tissue_volume[node];
      }
    });
    VecRestoreArray(load, &values);
  }

  static PetscErrorCode multiply(Mat shell, Vec x, Vec y)
  {
    void *system = nullptr;
    MatShellGetContext(shell, &system);
    static_cast<MultigridSystem<dim> *>(system)->apply(x, y);
    return 0;
  }

  Organ<dim> organ;
  FieldsParameters parameters;
  FieldSet<dim> fields;
  MultigridSystem<dim> system;
  Vec solution = nullptr, load = nullptr, diagonal = nullptr;
  Mat matrix = nullptr;
  KSP solver = nullptr;
};
} // namespace nidus::test
