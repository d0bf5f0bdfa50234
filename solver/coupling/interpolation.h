#pragma once

#include <cstddef>

namespace nidus
{
/// The smallest width for interpolate() that has room for so many entries.
constexpr std::size_t interpolation_width(const std::size_t entries)
{
  return (entries + 3) / 4 * 4;
}

/**
 * Interpolates the entries that the vertices of one cell have at @p n_points points in it:
 * result[p * width + e] = sum over v of weight[p * n_vertices + v] * table[v * width + e].
 *
 * Sums go through the vertices in their order, without fused products, so each result depends on its own weights and
 * column alone, to the last bit, on any processor. @p width: of interpolation_width(); @p n_vertices: 4 or
 * 8.
 */
void interpolate(std::size_t n_points, std::size_t n_vertices, std::size_t width, const double *weight,
                 const double *table, double *result);
} // namespace nidus
