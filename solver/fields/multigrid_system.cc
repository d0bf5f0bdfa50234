#include "fields/multigrid_system.h"

#include "control/input_error.h"
#include "organ/mesh_hierarchy.h"

namespace nidus
{
namespace
{
/// Below this ratio of K_ii to c_i the diagonal is the cheaper preconditioner: see tests/benchmarks/fields.cc.
constexpr double diagonal_suffices_below = 4.0;

std::vector<unsigned int> mobile_fields(const FieldsParameters &parameters)
{
  std::vector<unsigned int> mobile;
  for (unsigned int s = 0; s < parameters.fields.size(); ++s)
    if (parameters.fields[s].mobile())
      mobile.push_back(s);
  if (mobile.size() > largest_lanes)
    throw InputError("Fields", std::to_string(mobile.size()) + " fields with a diffusivity",
                     "at most " + std::to_string(largest_lanes), "make slow fields immobile (Diffusivity = 0)");
  return mobile;
}
} // namespace

template <int dim>
MultigridSystem<dim>::MultigridSystem(const FieldSet<dim> &fields)
    : fields(fields), mobile(mobile_fields(fields.parameters)),
      n_lanes(lanes_for(static_cast<unsigned int>(mobile.size()))), kernels(lane_kernels(n_lanes, dim))
{
  build_levels();
  cycle = std::make_unique<Multigrid<dim>>(levels, rows, static_cast<unsigned int>(mobile.size()), n_lanes);
  // With hanging nodes and diffusivities a hundredfold apart a third step takes 9 iterations instead of 12.
  cycle->smoothing_steps = fields.has_hanging_nodes() ? 3 : 2;
  nodal.resize(n_nodes() * n_lanes, 1.0);
}

template <int dim>
MultigridSystem<dim>::~MultigridSystem()
{
  MatDestroy(&matrix);
}

template <int dim>
void MultigridSystem<dim>::build_levels()
{
  const auto &regions = fields.organ.regions();
  std::vector<double> factor(regions.size() * n_lanes, 0.0);
  for (std::size_t r = 0; r < regions.size(); ++r)
    for (std::size_t lane = 0; lane < mobile.size(); ++lane)
      if (regions[r].tissue)
      {
        const auto &field = fields.parameters.fields[mobile[lane]];
        factor[r * n_lanes + lane] = field.diffusivity_by_region.at(regions[r].name) *
                                     (field.interstitial ? regions[r].interstitial_fraction : 1.0);
      }

  const MeshHierarchy<dim> hierarchy(fields.organ);
  const double full = fields.parameters.solver.gauss_share;
  levels.resize(hierarchy.n_levels());
  levels.back() = std::make_unique<MeshLevel<dim>>(fields.organ, fields.dof_handler, fields.constraints, full);
  for (unsigned int l = hierarchy.n_levels() - 1; l > 0; --l)
    levels[l - 1] = std::make_unique<MeshLevel<dim>>(fields.organ, hierarchy.mesh(l - 1), full, *levels[l]);
  for (auto &level : levels)
  {
    rows.push_back(std::make_unique<LevelRows<dim>>(*level, factor, n_lanes));
    level->release_mesh();
  }
}

template <int dim>
Vec MultigridSystem<dim>::create_vector() const
{
  Vec vector = nullptr;
  VecCreate(fields.organ.communicator(), &vector);
  VecSetSizes(vector, static_cast<PetscInt>(n_nodes() * n_lanes), PETSC_DETERMINE);
  VecSetBlockSize(vector, static_cast<PetscInt>(n_lanes));
  VecSetType(vector, VECSTANDARD);
  VecSet(vector, 0.0);
  return vector;
}

template <int dim>
void MultigridSystem<dim>::sweep(const double *c, const double *x, double *y)
{
  auto &exchange = levels.back()->exchange();
  exchange.start(x, n_lanes);
  const auto arrays = rows.back()->template arrays<double>(exchange.template ghosts<double>(n_lanes));
  kernels.in_double.apply(arrays, RowKind::listed, c, x, y);
  exchange.finish();
  kernels.in_double.apply(arrays, RowKind::others, c, x, y);
}

template <int dim>
void MultigridSystem<dim>::apply_and_dot(const double *p, double *q, double *sum)
{
  auto &exchange = levels.back()->exchange();
  exchange.start(p, n_lanes);
  const auto arrays = rows.back()->template arrays<double>(exchange.template ghosts<double>(n_lanes));
  kernels.gradients.apply_and_dot(arrays, RowKind::listed, nodal.data(), p, q, sum);
  exchange.finish();
  kernels.gradients.apply_and_dot(arrays, RowKind::others, nodal.data(), p, q, sum);
}

template <int dim>
void MultigridSystem<dim>::apply_diffusion(Vec u, Vec y)
{
  const double *from = nullptr;
  double *to = nullptr;
  VecGetArrayRead(u, &from);
  VecGetArrayWrite(y, &to);
  sweep(nullptr, from, to);
  VecRestoreArrayWrite(y, &to);
  VecRestoreArrayRead(u, &from);
}

template <int dim>
void MultigridSystem<dim>::apply(Vec u, Vec y)
{
  const double *from = nullptr;
  double *to = nullptr;
  VecGetArrayRead(u, &from);
  VecGetArrayWrite(y, &to);
  sweep(nodal.data(), from, to);
  VecRestoreArrayWrite(y, &to);
  VecRestoreArrayRead(u, &from);
}

template <int dim>
void MultigridSystem<dim>::set_diagonal(Vec c)
{
  const float *stiffness = cycle->finest_stiffness();
  const double *values = nullptr;
  VecGetArrayRead(c, &values);
  const auto &active = rows.back()->active();
  for (std::size_t i = 0; i < active.size(); ++i)
    for (unsigned int s = 0; s < n_lanes; ++s)
    {
      // A row that would be empty holds a one: its value stays what it is.
      const std::size_t at = i * n_lanes + s;
      nodal[at] = !active[i] || s >= mobile.size() || (stiffness[at] == 0.0f && values[at] == 0.0) ? 1.0 : values[at];
    }
  VecRestoreArrayRead(c, &values);
  cycle->set_diagonal(nodal.data());
  const std::string &choice = fields.parameters.solver.preconditioner;
  use_jacobi = choice == "diagonal" || (choice == "automatic" && cycle->stiffness_ratio() < diagonal_suffices_below);
  if (!use_jacobi || petsc_cycle)
    cycle->renew_coarser_levels();
  if (petsc_cycle)
    petsc_cycle->renew();
  if (matrix)
    renew_matrix();
}

template <int dim>
void MultigridSystem<dim>::get_diffusion_diagonal(Vec diagonal)
{
  double *values = nullptr;
  VecGetArrayWrite(diagonal, &values);
  rows.back()->get_diagonal(values);
  VecRestoreArrayWrite(diagonal, &values);
}

template <int dim>
void MultigridSystem<dim>::get_diagonal(Vec diagonal)
{
  get_diffusion_diagonal(diagonal);
  double *values = nullptr;
  VecGetArray(diagonal, &values);
  for (std::size_t i = 0; i < nodal.size(); ++i)
    values[i] += nodal[i];
  VecRestoreArray(diagonal, &values);
}

template <int dim>
PetscErrorCode MultigridSystem<dim>::precondition(PC preconditioner, Vec r, Vec z)
{
  MultigridSystem *system = nullptr;
  PCShellGetContext(preconditioner, &system);
  const double *from = nullptr;
  double *to = nullptr;
  VecGetArrayRead(r, &from);
  std::copy(from, from + system->nodal.size(), system->preconditioner_input());
  VecRestoreArrayRead(r, &from);
  const float *result = system->precondition();
  VecGetArrayWrite(z, &to);
  std::copy(result, result + system->nodal.size(), to);
  VecRestoreArrayWrite(z, &to);
  return 0;
}

template <int dim>
void MultigridSystem<dim>::configure(KSP solver, Mat jacobian, const bool coupled)
{
  const char *prefix = nullptr;
  KSPGetOptionsPrefix(solver, &prefix);
  char wanted[64] = "shell";
  PetscOptionsGetString(nullptr, prefix, "-pc_type", wanted, sizeof(wanted), nullptr);
  const std::string type = wanted;
  PC preconditioner = nullptr;
  KSPGetPC(solver, &preconditioner);
  if (type == "shell")
  {
    PCSetType(preconditioner, PCSHELL);
    PCShellSetContext(preconditioner, this);
    PCShellSetApply(preconditioner, precondition);
    PCShellSetName(preconditioner, "fields");
    if (!coupled)
      use_lane_gradients(solver, *this);
  }
  else
  {
    // The lane-wise method knows the cycle of this class only.
    if (!coupled)
      KSPSetType(solver, KSPCG);
    if (type == "mg")
      petsc_cycle = std::make_unique<PetscMultigrid<dim>>(preconditioner, *cycle);
    else if (type != "jacobi" && type != "none")
      renew_matrix();
  }
  KSPSetOperators(solver, jacobian, matrix ? matrix : jacobian);
}

template <int dim>
void MultigridSystem<dim>::renew_matrix()
{
  if (matrix == nullptr)
  {
    const auto n = static_cast<PetscInt>(nodal.size());
    MatCreate(fields.organ.communicator(), &matrix);
    MatSetSizes(matrix, n, n, PETSC_DETERMINE, PETSC_DETERMINE);
    MatSetBlockSize(matrix, static_cast<PetscInt>(n_lanes));
    MatSetType(matrix, MATAIJ);
    MatSetUp(matrix);
    MatSetOption(matrix, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_FALSE);
  }
  const auto first = static_cast<PetscInt>(levels.back()->first_node());
  std::vector<PetscInt> places;
  for (unsigned int lane = 0; lane < n_lanes; ++lane)
  {
    const auto place = [&](const PetscInt node) {
      return node * static_cast<PetscInt>(n_lanes) + static_cast<PetscInt>(lane);
    };
    Mat one = assemble(lane);
    for (PetscInt node = first; node < first + static_cast<PetscInt>(n_nodes()); ++node)
    {
      PetscInt count = 0;
      const PetscInt *columns = nullptr;
      const double *values = nullptr;
      MatGetRow(one, node, &count, &columns, &values);
      places.resize(count);
      std::transform(columns, columns + count, places.begin(), place);
      const PetscInt row = place(node);
      MatSetValues(matrix, 1, &row, count, places.data(), values, INSERT_VALUES);
      MatRestoreRow(one, node, &count, &columns, &values);
    }
    MatDestroy(&one);
  }
  MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY);
  MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY);
}

template <int dim>
Mat MultigridSystem<dim>::assemble(const unsigned int lane) const
{
  return rows.back()->assemble(*levels.back(), lane, std::vector<double>(nodal.begin(), nodal.end()));
}

template <int dim>
std::size_t MultigridSystem<dim>::n_positive_rows() const
{
  return dealii::Utilities::MPI::sum(rows.back()->n_positive(), fields.organ.communicator());
}

template <int dim>
std::size_t MultigridSystem<dim>::bytes() const
{
  return cycle->bytes() + nodal.size() * sizeof(double);
}

template class MultigridSystem<2>;
template class MultigridSystem<3>;
} // namespace nidus
