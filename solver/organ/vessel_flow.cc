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
constexpr unsigned int rounds = 3; ///< each takes what the last one has left

/// The unknown pressures, and PETSc's solver for them, on one rank.
class PressureProblem
{
public:
  PressureProblem(const VesselNetwork &network, const std::vector<double> &conductance)
      : unknown(network.points.size(), 0)
  {
    for (const auto &entry : network.pressures)
      unknown[entry.first] = no_unknown;
    const auto incidence = network.incidence();
    std::vector<PetscInt> row_lengths;
    for (std::size_t p = 0; p < unknown.size(); ++p)
      if (unknown[p] != no_unknown)
      {
        unknown[p] = n++;
        row_lengths.push_back(static_cast<PetscInt>(incidence.degree(p)) + 1);
      }
    // Neighbours of a given pressure have no column.
    for (PetscInt &length : row_lengths)
      length = std::min(length, n);
    MatCreateSeqAIJ(PETSC_COMM_SELF, n, n, 0, row_lengths.data(), &matrix);
    VecCreateSeq(PETSC_COMM_SELF, n, &x);
    VecDuplicate(x, &b);
    KSPCreate(PETSC_COMM_SELF, &solver);
    fill(network, conductance);
    set_up();
  }
  ~PressureProblem()
  {
    KSPDestroy(&solver);
    VecDestroy(&b);
    VecDestroy(&x);
    MatDestroy(&matrix);
  }
  PressureProblem(const PressureProblem &) = delete;
  PressureProblem &operator=(const PressureProblem &) = delete;

  /// What the pressures must rise by so that @p net more flows away from each point. Throws std::runtime_error.
  std::vector<double> rise(const std::vector<double> &net)
  {
    std::vector<double> result(unknown.size(), 0.0);
    double *load = nullptr;
    VecGetArray(b, &load);
    for (std::size_t p = 0; p < unknown.size(); ++p)
      if (unknown[p] != no_unknown)
        load[unknown[p]] = net[p];
    VecRestoreArray(b, &load);
    const PetscErrorCode error = n > 0 ? KSPSolve(solver, b, x) : 0;
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    KSPGetConvergedReason(solver, &reason);
    if (error != 0 || reason < 0)
      throw std::runtime_error("the flow of blood in the vessels could not be solved: PETSc's reason " +
                               std::to_string(static_cast<int>(reason)));
    const double *values = nullptr;
    VecGetArrayRead(x, &values);
    for (std::size_t p = 0; p < unknown.size(); ++p)
      if (unknown[p] != no_unknown)
        result[p] = values[unknown[p]];
    VecRestoreArrayRead(x, &values);
    return result;
  }

private:
  void fill(const VesselNetwork &network, const std::vector<double> &conductance)
  {
    for (std::size_t s = 0; s < network.segments.size(); ++s)
    {
      const std::array<PetscInt, 2> rows = {{unknown[network.segments[s].first], unknown[network.segments[s].second]}};
      for (unsigned int e = 0; e < 2; ++e)
        if (rows[e] != no_unknown)
        {
          MatSetValue(matrix, rows[e], rows[e], conductance[s], ADD_VALUES);
          if (rows[1 - e] != no_unknown)
            MatSetValue(matrix, rows[e], rows[1 - e], -conductance[s], ADD_VALUES);
        }
    }
    MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY);
    MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY);
    MatSetOption(matrix, MAT_SPD, PETSC_TRUE);
  }

  void set_up()
  {
    KSPSetOperators(solver, matrix, matrix);
    KSPSetOptionsPrefix(solver, "vessels_");
    PC preconditioner = nullptr;
    KSPGetPC(solver, &preconditioner);
    const bool direct = n <= largest_direct;
    KSPSetType(solver, direct ? KSPPREONLY : KSPCG);
    PCSetType(preconditioner, direct ? PCCHOLESKY : PCHYPRE);
    if (direct)
      PCFactorSetMatOrderingType(preconditioner, MATORDERINGND);
    KSPSetTolerances(solver, 1e-9, PETSC_DEFAULT, PETSC_DEFAULT, 2000);
    KSPSetFromOptions(solver);
  }

  std::vector<PetscInt> unknown; ///< of each point
  PetscInt n = 0;
  Mat matrix = nullptr;
  Vec x = nullptr, b = nullptr;
  KSP solver = nullptr;
};

/// um^3/min per Pa.
std::vector<double> conductances(const VesselNetwork &network, const std::vector<double> &viscosity)
{
  std::vector<double> result(network.segments.size());
  for (std::size_t s = 0; s < result.size(); ++s)
    result[s] = seconds_per_minute * M_PI * std::pow(network.segments[s].radius, 4) /
                (8.0 * viscosity[s] * pascal_seconds * network.length(s));
  return result;
}

/// What flows away from each point.
std::vector<double> net_flows(const VesselNetwork &network, const std::vector<double> &flow)
{
  std::vector<double> net(network.points.size(), 0.0);
  for (std::size_t s = 0; s < network.segments.size(); ++s)
  {
    net[network.segments[s].first] += flow[s];
    net[network.segments[s].second] -= flow[s];
  }
  return net;
}

/// Pressures relative to @p level, and flows.
void solve(const VesselNetwork &network, const std::vector<double> &conductance, const double level, VesselFlow &result)
{
  result.pressure.assign(network.points.size(), 0.0);
  for (const auto &[point, value] : network.pressures)
    result.pressure[point] = value - level;
  result.flow.resize(network.segments.size());
  for (std::size_t s = 0; s < network.segments.size(); ++s)
    result.flow[s] =
        conductance[s] * (result.pressure[network.segments[s].first] - result.pressure[network.segments[s].second]);
  PressureProblem problem(network, conductance);
  for (unsigned int round = 0; round < rounds; ++round)
  {
    auto net = net_flows(network, result.flow);
    for (double &value : net)
      value = -value;
    const auto rise = problem.rise(net);
    // Flows take the rise of the pressure, not the difference of pressures, whose rounding a short wide vessel would
    // multiply.
    for (std::size_t s = 0; s < network.segments.size(); ++s)
      result.flow[s] += conductance[s] * (rise[network.segments[s].first] - rise[network.segments[s].second]);
    for (std::size_t p = 0; p < network.points.size(); ++p)
      result.pressure[p] += rise[p];
  }
}

void find_balance(const VesselNetwork &network, VesselFlow &result)
{
  const auto net = net_flows(network, result.flow);
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
  // The law's factor for other haematocrits is one at 0.45.
  constexpr double wall_layer = 1.1; // um
  const double at_reference =
      6.0 * std::exp(-0.085 * diameter) + 3.2 - 2.44 * std::exp(-0.06 * std::pow(diameter, 0.645));
  const double layer = std::pow(diameter / (diameter - wall_layer), 2);
  return (1.0 + (at_reference - 1.0) * layer) * layer;
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
      solve(network, conductance, level, result);
    }
    catch (const std::runtime_error &error)
    {
      fault = error.what();
    }
  fault = dealii::Utilities::MPI::broadcast(comm, fault);
  if (!fault.empty())
    throw std::runtime_error(fault);
  result.pressure = dealii::Utilities::MPI::broadcast(comm, result.pressure);
  result.flow = dealii::Utilities::MPI::broadcast(comm, result.flow);
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
