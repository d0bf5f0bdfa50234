#pragma once

#include "fields/diffusion_matrix.h"
#include "fields/linear_system.h"

#include <petscksp.h>

#include <memory>
#include <vector>

namespace nidus
{
/// One assembled PETSc matrix and one conjugate-gradient solver for each mobile field. Options prefix: fields_.
template <int dim>
class AssembledSystem : public LinearSystem
{
public:
  explicit AssembledSystem(const FieldSet<dim> &fields);
  ~AssembledSystem() override;

  void apply_diffusion(Vec u, Vec y) override;
  unsigned int solve(Vec diagonal, Vec right_hand_side, Vec x, const std::vector<double> &tolerance) override;

private:
  struct MobileField
  {
    unsigned int index;
    std::unique_ptr<DiffusionMatrix<dim>> diffusion;
    Mat system = nullptr; ///< diffusion + diagonal
    KSP solver = nullptr;
  };

  void create_solver(MobileField &field) const;

  const FieldSet<dim> &fields;
  std::vector<MobileField> mobile;
  Vec scalar[3] = {nullptr, nullptr, nullptr}; ///< one field: work vectors
};
} // namespace nidus
