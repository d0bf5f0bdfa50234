// The potential of a lattice and the width that line sources have on it.
#include "coupling/lattice_radius.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;

TEST_CASE("The lattice's potential is harmonic, has the known values and goes over to the logarithm", "[vessels]")
{
  CHECK(lattice_potential(0, 0) == 0.0);
  CHECK(lattice_potential(0, -1) == 0.25);
  CHECK(lattice_potential(1, 1) == Approx(1.0 / M_PI));
  CHECK(lattice_potential(2, 0) == Approx(1.0 - 2.0 / M_PI));
  const auto laplacian = [](const int i, const int j) {
    return lattice_potential(i + 1, j) + lattice_potential(i - 1, j) + lattice_potential(i, j + 1) +
           lattice_potential(i, j - 1) - 4.0 * lattice_potential(i, j);
  };
  CHECK(laplacian(0, 0) == Approx(1.0));
  for (int i = 0; i < 7; ++i)
    for (int j = 0; j < 7; ++j)
      if (i + j > 0)
        CHECK(std::abs(laplacian(i, j)) < 1e-10);
  // Beyond the table: the next term of the expansion is cos(4 angle) / (24 pi r^2).
  for (int j = 0; j <= 8; ++j)
    CHECK(std::abs(laplacian(8, j)) < 4.0 / (24.0 * M_PI * 49.0));
}

TEST_CASE("The effective radius has the closed forms of a thin line and goes over to a resolved circle", "[vessels]")
{
  const double gamma = 0.57721566490153286, at_node = std::exp(-gamma - 1.5 * std::log(2.0));
  LatticeRadius lattice;
  CHECK(at_node == Approx(0.1985).epsilon(1e-3)); // Peaceman
  CHECK(lattice.at({{0.0, 0.0}}, {{1e-9, 1e-9}}) == Approx(at_node).epsilon(1e-6));
  CHECK(lattice.at({{3.0, -2.0}}, {{1e-9, 1e-9}}) == Approx(at_node).epsilon(1e-6));
  // Four nodes with a quarter each.
  const double centre = at_node * std::exp(2.0 * M_PI * 0.25 * (0.25 + 0.25 + 1.0 / M_PI));
  CHECK(lattice.at({{0.5, 0.5}}, {{1e-9, 1e-9}}) == Approx(centre).epsilon(1e-6));
  // Along an edge: two nodes with a half each.
  CHECK(lattice.at({{0.5, 0.0}}, {{1e-9, 1e-9}}) == Approx(at_node * std::exp(M_PI * 0.25)).epsilon(1e-6));
  for (const double radius : {4.0, 8.0})
    CHECK(lattice.at({{0.2, 0.4}}, {{radius, radius}}) == Approx(radius).epsilon(0.2 / radius));
  // Shape functions only spread: a node never meets more than the wall, so no resistance is negative.
  for (double radius = 0.05; radius < 3.0; radius *= 1.3)
    for (double x = 0.0; x < 1.0; x += 0.125)
      for (double y = 0.0; y < 1.0; y += 0.125)
        CHECK(lattice.at({{x, y}}, {{radius, radius}}) > radius);
}
