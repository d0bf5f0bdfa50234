#pragma once

#include "fields/level_rows.h"
#include "fields/mesh_level.h"

#include <vector>

namespace nidus
{
/**
 * The smallest eigenvalue of D^-1 (K + c) on one level, D its diagonal, over all lanes in use: from above, by Lanczos'
 * method with @p steps products (Golub & Van Loan, Matrix computations, 10.2), all lanes in lock step. It starts from a
 * constant where nothing is held fixed, which is near the mode in question.
 *
 * @p c: nodal diagonal, owned nodes times lanes, >= 0. @p n_fields: lanes in use. Collective.
 */
template <int dim>
double estimate_smallest_eigenvalue(const MeshLevel<dim> &level, LevelRows<dim> &rows, unsigned int n_fields,
                                    unsigned int lanes, const std::vector<double> &c, unsigned int steps);

/// Degree at which Chebyshev's polynomial on [low, high] leaves at most @p error of any mode there.
unsigned int chebyshev_degree(double low, double high, double error);
} // namespace nidus
