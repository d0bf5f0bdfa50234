// Distances from named surfaces of the tissue against closed forms; the same with 1, 2 and 3 ranks.

#include "meshes.h"

#include "control/input_error.h"
#include "control/random.h"
#include "observables/surface_distance.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace nidus;
using namespace nidus::test;

namespace
{
constexpr double side = 160.0, middle = 80.0, half_width = 20.0;

/// A block with an airway of which these cells, and those of half their edge, make a square column (2-D: a strip).
template <int dim>
OrganParameters with_square_airway(const double cell)
{
  return with_airway(block(std::vector<double>(dim, side), cell), 25.0);
}

template <int dim>
double from_square_airway(const dealii::Point<dim> &place)
{
  double square = 0.0;
  for (int d = 0; d + 1 < dim; ++d)
    square += std::pow(std::max(std::abs(place[d] - middle) - half_width, 0.0), 2);
  return std::sqrt(square);
}

/// Places in the whole block, the same on all ranks; a fifth of them within a cell of the airway.
template <int dim>
std::vector<dealii::Point<dim>> places()
{
  std::vector<dealii::Point<dim>> result;
  for (std::uint64_t i = 0; i < 500; ++i)
  {
    const auto u = random::uniform({11, i, 0, random::Purpose::seeding_position});
    dealii::Point<dim> place;
    for (int d = 0; d < dim; ++d)
      place[d] = i % 5 == 0 && d + 1 < dim ? middle + 3.0 * half_width * (u[d] - 0.5) : side * u[d];
    result.push_back(place);
  }
  return result;
}

/// The greatest error at the places outside of the airway.
template <int dim>
double error_at_airway(const OrganParameters &parameters)
{
  const Organ<dim> organ(MPI_COMM_WORLD, parameters);
  const SurfaceDistance<dim> distance(organ, "airway", "entry");
  double worst = 0.0;
  unsigned int n = 0;
  for (const auto &place : places<dim>())
    if (const double exact = from_square_airway<dim>(place); exact > 0.0)
    {
      worst = std::max(worst, std::abs(distance(place) - exact));
      ++n;
    }
  REQUIRE(n > 300);
  return worst;
}

/// Fine cells in the airway, coarse ones in the tissue beside it.
template <int dim>
OrganParameters finer_on_one_side()
{
  auto parameters = with_square_airway<dim>(20.0);
  RefinementRule rule;
  rule.name = "inside";
  rule.where = "region";
  rule.names = {"airway"};
  rule.cell_size = 10.0;
  parameters.refinement_rules = {rule};
  return parameters;
}
} // namespace

TEST_CASE("Distances from an airway are those of its shape", "[observables][surface_distance]")
{
  CHECK(error_at_airway<3>(with_square_airway<3>(20.0)) < 1e-12);
  CHECK(error_at_airway<2>(with_square_airway<2>(20.0)) < 1e-12);
}

TEST_CASE("Faces that are divided on the far side of a wall count", "[observables][surface_distance]")
{
  CHECK(error_at_airway<3>(finer_on_one_side<3>()) < 1e-12);
  CHECK(error_at_airway<2>(finer_on_one_side<2>()) < 1e-12);
}

TEST_CASE("Distances from the ends of bent meshes are those of their planes", "[observables][surface_distance]")
{
  const WavyMesh<3> mesh(6, side, 6.0);
  const Organ<3> organ(MPI_COMM_WORLD, mesh.organ(1));
  const SurfaceDistance<3> low(organ, "x min", "entry"), high(organ, "z max", "entry");
  double worst = 0.0;
  for (const auto &place : places<3>())
    worst = std::max({worst, std::abs(low(place) - place[0]), std::abs(high(place) - (side - place[2]))});
  CHECK(worst < 1e-9);
}

TEST_CASE("A surface that the mesh does not have is refused", "[observables][surface_distance]")
{
  const Organ<3> organ(MPI_COMM_WORLD, with_square_airway<3>(20.0));
  try
  {
    const SurfaceDistance<3> distance(organ, "sinusoid", "Observables/Tumour cells/Distance to");
    FAIL("it was accepted");
  }
  catch (const InputError &error)
  {
    const std::string text = error.what();
    for (const char *part : {"Observables/Tumour cells/Distance to", "sinusoid", "airway", "x min"})
      CHECK(text.find(part) != std::string::npos);
  }
}
