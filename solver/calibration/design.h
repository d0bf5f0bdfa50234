#pragma once

#include <cstdint>
#include <vector>

namespace nidus
{
/// @p n points in the unit cube, [point][coordinate]: each coordinate has one in each of n equal parts (McKay, Beckman
/// & Conover 1979, Technometrics 21, 239).
std::vector<std::vector<double>> latin_hypercube(std::size_t n, std::size_t n_coordinates, std::uint64_t seed);

/**
 * The first @p n points of Sobol's sequence (GSL; at most 40 coordinates), shifted modulo one by a vector that the seed
 * draws (Cranley & Patterson 1976, SIAM J. Numer. Anal. 13, 904), so that means of functions have no bias. Most even
 * for powers of two. Throws InputError for more coordinates.
 */
std::vector<std::vector<double>> sobol_sequence(std::size_t n, std::size_t n_coordinates, std::uint64_t seed);
} // namespace nidus
