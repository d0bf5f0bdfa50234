#pragma once

#include "fields/diffusion_matrix.h"
#include "fields/linear_system.h"

#include <memory>
#include <vector>

namespace nidus
{
/// One assembled PETSc matrix for each mobile field, and Jacobi as preconditioner: the plain and slow reference.
template <int dim>
class AssembledSystem : public LinearSystem
{
public:
  explicit AssembledSystem(const FieldSet<dim> &fields);
  ~AssembledSystem() override;

  unsigned int lanes() const override { return static_cast<unsigned int>(diffusion.size()); }
  Vec create_vector() const override;
  void apply_diffusion(Vec u, Vec y) override;
  void set_diagonal(Vec c) override;
  void apply(Vec u, Vec y) override;
  void get_diagonal(Vec result) override;
  void configure(KSP solver, Mat jacobian) override;

private:
  const FieldSet<dim> &fields;
  std::vector<std::unique_ptr<DiffusionMatrix<dim>>> diffusion;
  Vec scalar[2] = {nullptr, nullptr}; ///< one field: work vectors
  Vec diagonal = nullptr, work = nullptr;
};
} // namespace nidus
