#include "coupling/interpolation.h"

#include <cstring>

namespace nidus
{
namespace
{
// Four entries at a time, whatever the processor has for them: the order of the sum over vertices stays.
using Lanes = double __attribute__((vector_size(32)));
constexpr std::size_t n_lanes = 4;

template <std::size_t n_vertices>
__attribute__((always_inline)) inline void interpolate_lanes(const std::size_t n_points, const std::size_t width,
                                                             const double *weight, const double *table, double *result)
{
  for (std::size_t begin = 0; begin < width; begin += n_lanes)
  {
    Lanes rows[n_vertices];
    for (std::size_t v = 0; v < n_vertices; ++v)
      std::memcpy(&rows[v], table + v * width + begin, sizeof(Lanes));
    for (std::size_t p = 0; p < n_points; ++p)
    {
      Lanes sum = weight[p * n_vertices] * rows[0];
      for (std::size_t v = 1; v < n_vertices; ++v)
        sum += weight[p * n_vertices + v] * rows[v];
      std::memcpy(result + p * width + begin, &sum, sizeof(Lanes));
    }
  }
}
} // namespace

__attribute__((target_clones("avx2", "default"))) void interpolate(const std::size_t n_points,
                                                                   const std::size_t n_vertices,
                                                                   const std::size_t width, const double *weight,
                                                                   const double *table, double *result)
{
  if (n_vertices == 8)
    interpolate_lanes<8>(n_points, width, weight, table, result);
  else
    interpolate_lanes<4>(n_points, width, weight, table, result);
}
} // namespace nidus
