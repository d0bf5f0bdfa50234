#include "organ/vessel_flow.h"

#include <deal.II/base/mpi.h>

#include <petscksp.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace nidus
{
namespace
{
constexpr double seconds_per_minute = 60.0;
constexpr double pascal_seconds = 1e-3; ///< per mPa s
constexpr PetscInt largest_direct = 60000;
constexpr PetscInt no_unknown = -1;

/// PETSc's objects of one linear system on one rank.
struct LinearProblem
{
  Mat matrix = nullptr;
  Vec x = nullptr, b = nullptr, rest = nullptr;
  KSP solver = nullptr;

  LinearProblem(const PetscInt n, const std::vector<PetscInt> &row_lengths)
  {
    MatCreateSeqAIJ(PETSC_COMM_SELF, n, n, 0, row_lengths.data(), &matrix);
    VecCreateSeq(PETSC_COMM_SELF, n, &x);
    VecDuplicate(x, &b);
    VecDuplicate(x, &rest);
    KSPCreate(PETSC_COMM_SELF, &solver);
  }
  ~LinearProblem()
  {
    KSPDestroy(&solver);
    VecDestroy(&rest);
    VecDestroy(&b);
    VecDestroy(&x);
    MatDestroy(&matrix);
  }
  LinearProblem(const LinearProblem &) = delete;
  LinearProblem &operator=(const LinearProblem &) = delete;

  /// Throws std::runtime_error.
  void solve(const PetscInt n)
  {
    MatSetOption(matrix, MAT_SPD, PETSC_TRUE);
    KSPSetOperators(solver, matrix, matrix);
    KSPSetOptionsPrefix(solver, "vessels_");
    PC preconditioner = nullptr;
    KSPGetPC(solver, &preconditioner);
    const bool direct = n <= largest_direct;
    KSPSetType(solver, direct ? KSPPREONLY : KSPCG);
    PCSetType(preconditioner, direct ? PCCHOLESKY : PCHYPRE);
    if (direct)
      PCFactorSetMatOrderingType(preconditioner, MATORDERINGND);
    KSPSetTolerances(solver, 1e-13, PETSC_DEFAULT, PETSC_DEFAULT, 2000);
    KSPSetFromOptions(solver);
    check(KSPSolve(solver, b, x));
    // Once more for what rounding and the tolerance have left.
    MatMult(matrix, x, rest);
    VecAYPX(rest, -1.0, b);
    check(KSPSolve(solver, rest, b));
    VecAXPY(x, 1.0, b);
  }

private:
  void check(const PetscErrorCode error) const
  {
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    KSPGetConvergedReason(solver, &reason);
    // The correction of an exact solution has nothing to converge to.
    if (error != 0 || (reason < 0 && reason != KSP_DIVERGED_DTOL))
      throw std::runtime_error("the flow of blood in the vessels could not be solved: PETSc's reason " +
                               std::to_string(static_cast<int>(reason)));
  }
};

/// um^3/s per Pa.
std::vector<double> conductances(const VesselNetwork &network, const std::vector<double> &viscosity)
{
  std::vector<double> result(network.segments.size());
  for (std::size_t s = 0; s < result.size(); ++s)
    result[s] =
        M_PI * std::pow(network.segments[s].radius, 4) / (8.0 * viscosity[s] * pascal_seconds * network.length(s));
  return result;
}

/// Pressures at all points, relative to @p level.
std::vector<double> solve_pressures(const VesselNetwork &network, const std::vector<double> &conductance,
                                    const double level)
{
  std::vector<double> pressure(network.points.size(), 0.0);
  std::vector<PetscInt> unknown(network.points.size(), 0), row_lengths;
  for (const auto &[point, value] : network.pressures)
  {
    pressure[point] = value - level;
    unknown[point] = no_unknown;
  }
  const auto incidence = network.incidence();
  PetscInt n = 0;
  for (std::size_t p = 0; p < unknown.size(); ++p)
    if (unknown[p] != no_unknown)
    {
      unknown[p] = n++;
      row_lengths.push_back(static_cast<PetscInt>(incidence.degree(p)) + 1);
    }
  if (n == 0)
    return pressure;
  LinearProblem problem(n, row_lengths);
  for (std::size_t s = 0; s < network.segments.size(); ++s)
  {
    const std::array<std::uint32_t, 2> ends = {network.segments[s].first, network.segments[s].second};
    for (unsigned int e = 0; e < 2; ++e)
    {
      const PetscInt row = unknown[ends[e]], column = unknown[ends[1 - e]];
      if (row == no_unknown)
        continue;
      MatSetValue(problem.matrix, row, row, conductance[s], ADD_VALUES);
      if (column == no_unknown)
        VecSetValue(problem.b, row, conductance[s] * pressure[ends[1 - e]], ADD_VALUES);
      else
        MatSetValue(problem.matrix, row, column, -conductance[s], ADD_VALUES);
    }
  }
  MatAssemblyBegin(problem.matrix, MAT_FINAL_ASSEMBLY);
  MatAssemblyEnd(problem.matrix, MAT_FINAL_ASSEMBLY);
  VecAssemblyBegin(problem.b);
  VecAssemblyEnd(problem.b);
  problem.solve(n);
  const double *values = nullptr;
  VecGetArrayRead(problem.x, &values);
  for (std::size_t p = 0; p < unknown.size(); ++p)
    if (unknown[p] != no_unknown)
      pressure[p] = values[unknown[p]];
  VecRestoreArrayRead(problem.x, &values);
  return pressure;
}

void find_balance(const VesselNetwork &network, VesselFlow &result)
{
  std::vector<double> net(network.points.size(), 0.0);
  for (std::size_t s = 0; s < network.segments.size(); ++s)
  {
    net[network.segments[s].first] += result.flow[s];
    net[network.segments[s].second] -= result.flow[s];
  }
  double greatest = 0.0;
  for (std::uint32_t p = 0; p < net.size(); ++p)
    if (network.pressures.count(p) == 0)
      greatest = std::max(greatest, std::abs(net[p]));
    else
      result.inflow += std::max(net[p], 0.0);
  result.imbalance = result.inflow > 0.0 ? greatest / result.inflow : 0.0;
}

/// Solves r0^m = r1^m + r2^m for r0 > r1, r2.
double murray_exponent(const double stem, const double first, const double second)
{
  // The sum falls with m, from 2 at m = 0.
  const auto excess = [&](const double m) { return std::pow(first / stem, m) + std::pow(second / stem, m) - 1.0; };
  double low = 0.0, high = 1.0;
  while (excess(high) > 0.0 && high < 1e6)
    high *= 2.0;
  for (unsigned int i = 0; i < 100; ++i)
  {
    const double middle = 0.5 * (low + high);
    (excess(middle) > 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}
} // namespace

double VesselFlow::velocity(const VesselNetwork &network, const std::size_t segment) const
{
  const double radius = network.segments[segment].radius;
  return flow[segment] / (M_PI * radius * radius);
}

double VesselFlow::wall_shear(const VesselNetwork &network, const std::size_t segment) const
{
  const double per_second = std::abs(flow[segment]) / seconds_per_minute;
  return 4.0 * viscosity[segment] * pascal_seconds * per_second /
         (M_PI * std::pow(network.segments[segment].radius, 3));
}

double relative_viscosity_in_vivo(const double diameter)
{
  constexpr double haematocrit = 0.45, wall_layer = 1.1; // um
  const double at_reference =
      6.0 * std::exp(-0.085 * diameter) + 3.2 - 2.44 * std::exp(-0.06 * std::pow(diameter, 0.645));
  const double blend = 1.0 / (1.0 + 1e-11 * std::pow(diameter, 12));
  const double shape = (0.8 + std::exp(-0.075 * diameter)) * (blend - 1.0) + blend;
  const double share = (std::pow(1.0 - haematocrit, shape) - 1.0) / (std::pow(1.0 - 0.45, shape) - 1.0);
  const double layer = std::pow(diameter / (diameter - wall_layer), 2);
  return (1.0 + (at_reference - 1.0) * share * layer) * layer;
}

double BloodViscosity::at(const double radius) const
{
  return in_vivo ? value * relative_viscosity_in_vivo(2.0 * radius) : value;
}

VesselFlow solve_flow(MPI_Comm comm, const VesselNetwork &network, const BloodViscosity &viscosity)
{
  VesselFlow result;
  result.viscosity.resize(network.segments.size());
  for (std::size_t s = 0; s < result.viscosity.size(); ++s)
    result.viscosity[s] = viscosity.at(network.segments[s].radius);
  const auto conductance = conductances(network, result.viscosity);
  // Differences keep more digits when the common level is taken off.
  double level = 0.0;
  for (const auto &[point, value] : network.pressures)
    level += value / static_cast<double>(network.pressures.size());

  std::string fault;
  if (dealii::Utilities::MPI::this_mpi_process(comm) == 0)
    try
    {
      result.pressure = solve_pressures(network, conductance, level);
    }
    catch (const std::runtime_error &error)
    {
      fault = error.what();
    }
  fault = dealii::Utilities::MPI::broadcast(comm, fault);
  if (!fault.empty())
    throw std::runtime_error(fault);
  result.pressure = dealii::Utilities::MPI::broadcast(comm, result.pressure);

  result.flow.resize(network.segments.size());
  for (std::size_t s = 0; s < result.flow.size(); ++s)
    result.flow[s] = seconds_per_minute * conductance[s] *
                     (result.pressure[network.segments[s].first] - result.pressure[network.segments[s].second]);
  for (double &value : result.pressure)
    value += level;
  find_balance(network, result);
  return result;
}

MurrayFit fit_murray(const VesselNetwork &network, const VesselFlow &flow)
{
  MurrayFit fit;
  std::vector<double> exponents;
  const auto incidence = network.incidence();
  for (std::size_t p = 0; p < network.points.size(); ++p)
  {
    if (incidence.degree(p) != 3)
      continue;
    ++fit.bifurcations;
    std::array<std::uint32_t, 3> around;
    std::copy_n(&incidence.incident[incidence.start[p]], 3, around.begin());
    std::sort(around.begin(), around.end(), [&](const std::uint32_t a, const std::uint32_t b) {
      return std::abs(flow.flow[a]) > std::abs(flow.flow[b]);
    });
    const double stem = network.segments[around[0]].radius, first = network.segments[around[1]].radius,
                 second = network.segments[around[2]].radius;
    if (stem > std::max(first, second))
      exponents.push_back(murray_exponent(stem, first, second));
  }
  fit.with_exponent = exponents.size();
  if (exponents.empty())
    return fit;
  const auto middle = exponents.begin() + static_cast<std::ptrdiff_t>(exponents.size() / 2);
  std::nth_element(exponents.begin(), middle, exponents.end());
  fit.median = *middle;
  return fit;
}
} // namespace nidus
