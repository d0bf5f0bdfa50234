#include "fields/level_rows.h"

#include "fields/level_rows_builder.h"

#include <algorithm>

namespace nidus
{
namespace
{
template <typename To, typename From>
void copy_converted(dealii::AlignedVector<To> &to, const dealii::AlignedVector<From> &from)
{
  to.resize_fast(from.size());
  std::copy(from.begin(), from.end(), to.begin());
}
} // namespace

template <int dim>
LevelRows<dim>::LevelRows(const MeshLevel<dim> &level, const std::vector<double> &factor, const unsigned int lanes)
    : n_lanes(lanes)
{
  Builder(level, factor, *this).build();
  row_sum = dealii::Utilities::MPI::max(row_sum, level.communicator());
}

template <int dim>
RowArrays<double> LevelRows<dim>::in_double_precision(const double *ghosts) const
{
  return arrays(in_double, ghosts);
}

template <int dim>
RowArrays<float> LevelRows<dim>::in_single_precision(const float *ghosts)
{
  if (in_single.dictionary.empty())
  {
    copy_converted(in_single.dictionary, in_double.dictionary);
    copy_converted(in_single.scaled, in_double.scaled);
    copy_converted(in_single.factors, in_double.factors);
    copy_converted(in_single.general, in_double.general);
  }
  return arrays(in_single, ghosts);
}

template <int dim>
template <typename T>
RowArrays<T> LevelRows<dim>::arrays(const Coefficients<T> &values, const T *ghosts) const
{
  RowArrays<T> result;
  result.n_nodes = type.size();
  result.neighbour = neighbour.data();
  result.type = type.data();
  result.dictionary = values.dictionary.data();
  result.scaled = scaled.arrays();
  result.scaled_value = values.scaled.data();
  result.scaled_factor = scaled_factor.data();
  result.factors = values.factors.data();
  result.general = general.arrays();
  result.general_value = values.general.data();
  result.ghosts = ghosts;
  return result;
}

template <int dim>
std::size_t LevelRows<dim>::bytes() const
{
  const auto of = [](const auto &vector) { return vector.size() * sizeof(vector[0]); };
  const auto coefficient_bytes = [&](const auto &c) {
    return of(c.dictionary) + of(c.scaled) + of(c.factors) + of(c.general);
  };
  return of(neighbour) + of(type) + scaled.bytes() + general.bytes() + of(scaled_factor) +
         coefficient_bytes(in_double) + coefficient_bytes(in_single);
}

template <int dim>
void LevelRows<dim>::get_diagonal(double *diagonal) const
{
  const auto rows = arrays(in_double, static_cast<const double *>(nullptr));
  for (const RowKind kind : {RowKind::listed, RowKind::others})
    lane_kernels(n_lanes, dim).in_double.diagonal(rows, kind, diagonal);
}

template <int dim>
template <typename Visit>
void LevelRows<dim>::visit_rows(const unsigned int lane, const Visit &visit) const
{
  std::vector<std::uint32_t> columns;
  std::vector<double> values;
  const auto start = [&](const std::size_t size) {
    columns.resize(size);
    values.resize(size);
  };
  for (std::uint32_t node = 0; node < type.size(); ++node)
    if (is_active[node] && type[node] != RowArrays<double>::not_listed)
    {
      start(row_width);
      const double *k = in_double.dictionary.data() + static_cast<std::size_t>(type[node]) * row_width * n_lanes + lane;
      for (unsigned int j = 0; j < row_width; ++j)
      {
        columns[j] = j == 0 ? node : neighbour[static_cast<std::size_t>(node) * n_neighbours + j - 1];
        values[j] = k[j * n_lanes];
      }
      visit(node, columns, values);
    }
  for (std::size_t row = 0; row < scaled.node.size(); ++row)
  {
    start(scaled.begin[row + 1] - scaled.begin[row]);
    const double scale = in_double.factors[static_cast<std::size_t>(scaled_factor[row]) * n_lanes + lane];
    for (std::size_t q = 0; q < columns.size(); ++q)
    {
      columns[q] = scaled.column[scaled.begin[row] + q];
      values[q] = scale * in_double.scaled[scaled.begin[row] + q];
    }
    visit(scaled.node[row], columns, values);
  }
  for (std::size_t row = 0; row < general.node.size(); ++row)
  {
    start(general.begin[row + 1] - general.begin[row]);
    for (std::size_t q = 0; q < columns.size(); ++q)
    {
      columns[q] = general.column[general.begin[row] + q];
      values[q] = in_double.general[static_cast<std::size_t>(general.begin[row] + q) * n_lanes + lane];
    }
    visit(general.node[row], columns, values);
  }
}

template <int dim>
Mat LevelRows<dim>::assemble(const MeshLevel<dim> &level, const unsigned int lane,
                             const std::vector<double> &diagonal) const
{
  const auto n = static_cast<PetscInt>(type.size());
  const bool alone = dealii::Utilities::MPI::n_mpi_processes(level.communicator()) == 1;
  std::vector<PetscInt> inside(n, 1), outside(n, 0);
  visit_rows(lane, [&](const std::uint32_t node, const auto &columns, const auto &) {
    for (const auto column : columns)
      ++(column < type.size() ? inside : outside)[node];
  });
  Mat matrix = nullptr;
  MatCreateAIJ(level.communicator(), n, n, PETSC_DETERMINE, PETSC_DETERMINE, 0, inside.data(), 0,
               alone ? nullptr : outside.data(), &matrix);
  MatSetOption(matrix, MAT_SYMMETRIC, PETSC_TRUE);
  const auto global = [&](const std::uint32_t node) {
    return static_cast<PetscInt>(node < type.size() ? node + level.first_node() : level.exchange().global(node));
  };
  std::vector<PetscInt> places;
  visit_rows(lane, [&](const std::uint32_t node, const auto &columns, const auto &values) {
    const PetscInt row = global(node);
    places.resize(columns.size());
    std::transform(columns.begin(), columns.end(), places.begin(), global);
    MatSetValues(matrix, 1, &row, static_cast<PetscInt>(places.size()), places.data(), values.data(), ADD_VALUES);
  });
  for (std::uint32_t node = 0; node < type.size(); ++node)
    MatSetValue(matrix, static_cast<PetscInt>(level.first_node() + node),
                static_cast<PetscInt>(level.first_node() + node),
                diagonal[static_cast<std::size_t>(node) * n_lanes + lane], ADD_VALUES);
  MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY);
  MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY);
  return matrix;
}

template class LevelRows<2>;
template class LevelRows<3>;
} // namespace nidus
