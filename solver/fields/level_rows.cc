#include "fields/level_rows.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace nidus
{
namespace
{
constexpr double negligible = 1e-13;      ///< of the diagonal: what cancelled up to rounding
constexpr double dictionary_digits = 1e9; ///< rows that agree to so many parts share an entry
constexpr std::size_t most_types = RowArrays<double>::not_listed;

template <typename To>
void append(dealii::AlignedVector<To> &to, const double value)
{
  to.push_back(static_cast<To>(value));
}

template <typename To, typename From>
void copy_converted(dealii::AlignedVector<To> &to, const dealii::AlignedVector<From> &from)
{
  to.resize_fast(from.size());
  std::copy(from.begin(), from.end(), to.begin());
}
} // namespace

/// Finds the form of each row and its coefficients.
template <int dim>
class LevelRows<dim>::Builder
{
public:
  Builder(const MeshLevel<dim> &level, const std::vector<double> &factor, LevelRows &rows)
      : level(level), store(level.elements()), factor(factor), rows(rows), n(level.n_owned()), n_lanes(rows.n_lanes),
        listed(n, true), probe(static_cast<std::size_t>(n) * row_width, 0.0)
  {
  }

  void build()
  {
    rows.neighbour.resize((n + RowArrays<double>::prefetched_rows) * n_neighbours, none);
    rows.type.assign(n, 0);
    rows.is_active.assign(n, false);
    add_boxes();
    for (const auto &item : level.received())
      listed[item.row] = false;
    find_types();
    find_adjacent();
    write_rows();
  }

private:
  static constexpr std::uint32_t none = 0xffffffff;
  using Key = std::array<std::int64_t, row_width>;
  struct KeyHash
  {
    std::size_t operator()(const Key &key) const
    {
      std::uint64_t hash = 0;
      for (const auto part : key)
        hash = (hash ^ static_cast<std::uint64_t>(part)) * 0x9e3779b97f4a7c15u;
      return hash ^ hash >> 29;
    }
  };
  struct Entry
  {
    std::uint32_t column, region;
    double value;
  };

  /// A number for each region, to tell rows apart without their lanes.
  static double mark(const unsigned int region) { return 1.0 + std::fmod(0.6180339887498949 * (region + 1), 1.0); }

  void add_boxes();
  void find_types();
  void find_adjacent();
  void write_rows();
  void collect(unsigned int node);
  void write_type(unsigned int node);
  void write_other(unsigned int node);
  double lane_value(const std::vector<Entry> &entries, std::uint32_t column, unsigned int lane) const;
  void account(const double *lanes_of_row, std::size_t n_columns);

  const MeshLevel<dim> &level;
  const StiffnessElements<dim> &store;
  const std::vector<double> &factor;
  LevelRows &rows;
  std::size_t n;
  unsigned int n_lanes;
  std::vector<bool> listed;
  std::vector<double> probe;                 ///< listed rows with marks in the place of diffusivities
  std::vector<std::uint32_t> representative; ///< a node of each type
  std::vector<std::uint32_t> begin;          ///< of each node that needs its coefficients, in adjacent
  std::vector<std::uint64_t> adjacent;       ///< element * 256 + position in it
  std::vector<bool> wanted;
  std::size_t next_item = 0;

  std::vector<Entry> entries; ///< of the row at hand
  std::vector<std::uint32_t> columns;
};

template <int dim>
void LevelRows<dim>::Builder::add_boxes()
{
  for (const auto &element : store.elements)
  {
    const auto &matrix = store.matrices[element.matrix];
    const std::uint32_t *nodes = &store.nodes[element.first_node];
    for (unsigned int i = 0; i < element.n_nodes; ++i)
    {
      const std::uint32_t node = nodes[i];
      if (node >= n)
        continue;
      rows.is_active[node] = true;
      if (!matrix.along_axes)
        listed[node] = false;
      if (!listed[node])
        continue;
      double *row = &probe[static_cast<std::size_t>(node) * row_width];
      const double weight = element.fraction * mark(element.region);
      row[0] += weight * matrix.entries(i, i);
      for (unsigned int d = 0; d < dim; ++d)
      {
        const unsigned int j = i ^ 1u << d, slot = 2 * d + (i >> d & 1u ? 0 : 1);
        std::uint32_t &known = rows.neighbour[static_cast<std::size_t>(node) * n_neighbours + slot];
        if (nodes[j] >= n || (known != none && known != nodes[j]))
          listed[node] = false;
        known = nodes[j];
        row[1 + slot] += weight * matrix.entries(i, j);
      }
    }
  }
  for (const auto &item : level.received())
    rows.is_active[item.row] = true;
}

template <int dim>
void LevelRows<dim>::Builder::find_types()
{
  // Type 0 belongs to rows without coefficients.
  representative = {none};
  for (unsigned int i = 0; i < row_width * n_lanes; ++i)
    append(rows.in_double.dictionary, 0.0);
  std::unordered_map<Key, std::uint16_t, KeyHash> types;
  for (std::size_t node = 0; node < n; ++node)
  {
    std::uint32_t *neighbours = &rows.neighbour[node * n_neighbours];
    if (!rows.is_active[node])
      listed[node] = true;
    if (!rows.is_active[node] || !listed[node])
    {
      std::fill_n(neighbours, n_neighbours, static_cast<std::uint32_t>(node));
      if (!listed[node])
        rows.type[node] = RowArrays<double>::not_listed;
      continue;
    }
    const double *row = &probe[node * row_width];
    Key key;
    int exponent = 0;
    key[0] = std::llround(std::frexp(row[0], &exponent) * dictionary_digits);
    key[0] += static_cast<std::int64_t>(exponent) << 40;
    for (unsigned int j = 1; j < row_width; ++j)
      key[j] = std::llround(row[j] / row[0] * dictionary_digits);
    for (unsigned int j = 0; j < n_neighbours; ++j)
      if (neighbours[j] == none)
        neighbours[j] = static_cast<std::uint32_t>(node);
    const auto found = types.find(key);
    if (found != types.end())
      rows.type[node] = found->second;
    else if (representative.size() < most_types)
    {
      rows.type[node] = types[key] = static_cast<std::uint16_t>(representative.size());
      representative.push_back(static_cast<std::uint32_t>(node));
    }
    else
    {
      listed[node] = false;
      rows.type[node] = RowArrays<double>::not_listed;
    }
  }
  std::fill(rows.neighbour.begin() + n * n_neighbours, rows.neighbour.end(), 0u);
  probe = {};
}

template <int dim>
void LevelRows<dim>::Builder::find_adjacent()
{
  wanted.assign(n, false);
  for (std::size_t node = 0; node < n; ++node)
    wanted[node] = !listed[node];
  for (std::size_t type = 1; type < representative.size(); ++type)
    wanted[representative[type]] = true;
  begin.assign(n + 1, 0);
  const auto visit = [&](const auto &act) {
    for (std::size_t e = 0; e < store.elements.size(); ++e)
      for (unsigned int i = 0; i < store.elements[e].n_nodes; ++i)
      {
        const std::uint32_t node = store.nodes[store.elements[e].first_node + i];
        if (node < n && wanted[node])
          act(node, static_cast<std::uint64_t>(e) << 8 | i);
      }
  };
  visit([&](const std::uint32_t node, const std::uint64_t) { ++begin[node + 1]; });
  for (std::size_t node = 0; node < n; ++node)
    begin[node + 1] += begin[node];
  adjacent.resize(begin[n]);
  auto next = begin;
  visit([&](const std::uint32_t node, const std::uint64_t place) { adjacent[next[node]++] = place; });
}

template <int dim>
void LevelRows<dim>::Builder::collect(const unsigned int node)
{
  entries.clear();
  columns = {node};
  const auto add = [&](const std::uint32_t column, const std::uint32_t region, const double value) {
    if (value == 0.0)
      return;
    for (auto &entry : entries)
      if (entry.column == column && entry.region == region)
      {
        entry.value += value;
        return;
      }
    entries.push_back({column, region, value});
    if (std::find(columns.begin(), columns.end(), column) == columns.end())
      columns.push_back(column);
  };
  for (std::uint32_t a = begin[node]; a < begin[node + 1]; ++a)
  {
    const auto &element = store.elements[adjacent[a] >> 8];
    const auto &matrix = store.matrices[element.matrix].entries;
    const unsigned int i = static_cast<unsigned int>(adjacent[a] & 255u);
    for (unsigned int j = 0; j < element.n_nodes; ++j)
      add(store.nodes[element.first_node + j], element.region, element.fraction * matrix(i, j));
  }
  const auto &items = level.received();
  for (; next_item < items.size() && items[next_item].row == node; ++next_item)
    add(items[next_item].column, items[next_item].region, items[next_item].value);

  // What cancelled up to rounding is no coupling.
  double diagonal = 0.0;
  for (const auto &entry : entries)
    if (entry.column == node)
      diagonal += entry.value;
  columns.erase(std::remove_if(columns.begin() + 1, columns.end(),
                               [&](const std::uint32_t column) {
                                 return std::all_of(entries.begin(), entries.end(), [&](const Entry &entry) {
                                   return entry.column != column || std::abs(entry.value) < negligible * diagonal;
                                 });
                               }),
                columns.end());
}

template <int dim>
double LevelRows<dim>::Builder::lane_value(const std::vector<Entry> &of_row, const std::uint32_t column,
                                           const unsigned int lane) const
{
  double value = 0.0;
  for (const auto &entry : of_row)
    if (entry.column == column)
      value += entry.value * factor[static_cast<std::size_t>(entry.region) * n_lanes + lane];
  return value;
}

template <int dim>
void LevelRows<dim>::Builder::account(const double *lanes_of_row, const std::size_t n_columns)
{
  bool any_positive = false;
  for (unsigned int s = 0; s < n_lanes; ++s)
  {
    const double diagonal = lanes_of_row[s];
    double sum = 0.0;
    for (std::size_t q = 1; q < n_columns; ++q)
    {
      sum += std::abs(lanes_of_row[q * n_lanes + s]);
      any_positive |= lanes_of_row[q * n_lanes + s] > negligible * diagonal;
    }
    if (diagonal > 0.0)
      rows.row_sum = std::max(rows.row_sum, 1.0 + sum / diagonal);
  }
  rows.positive += any_positive ? 1 : 0;
}

template <int dim>
void LevelRows<dim>::Builder::write_type(const unsigned int node)
{
  const std::uint32_t *neighbours = &rows.neighbour[static_cast<std::size_t>(node) * n_neighbours];
  std::vector<double> values(row_width * n_lanes, 0.0);
  for (unsigned int s = 0; s < n_lanes; ++s)
  {
    values[s] = lane_value(entries, node, s);
    for (unsigned int j = 0; j < n_neighbours; ++j)
      if (neighbours[j] != node)
        values[(j + 1) * n_lanes + s] = lane_value(entries, neighbours[j], s);
  }
  account(values.data(), row_width);
  std::copy(values.begin(), values.end(),
            rows.in_double.dictionary.begin() + static_cast<std::size_t>(rows.type[node]) * row_width * n_lanes);
}

template <int dim>
void LevelRows<dim>::Builder::write_other(const unsigned int node)
{
  if (entries.empty())
  {
    // In a periodic block of one cell a node is its own neighbour on all sides.
    rows.type[node] = 0;
    return;
  }
  const bool one_region = std::all_of(entries.begin(), entries.end(),
                                      [&](const Entry &entry) { return entry.region == entries.front().region; });
  std::vector<double> values(columns.size() * n_lanes);
  for (std::size_t q = 0; q < columns.size(); ++q)
    for (unsigned int s = 0; s < n_lanes; ++s)
      values[q * n_lanes + s] = lane_value(entries, columns[q], s);
  account(values.data(), columns.size());
  if (one_region)
  {
    rows.scaled_node.push_back(node);
    rows.scaled_factor.push_back(static_cast<std::uint16_t>(entries.front().region));
    rows.scaled_column.insert(rows.scaled_column.end(), columns.begin(), columns.end());
    rows.scaled_begin.push_back(static_cast<std::uint32_t>(rows.scaled_column.size()));
    for (const auto column : columns)
      for (const auto &entry : entries)
        if (entry.column == column)
          append(rows.in_double.scaled, entry.value);
    return;
  }
  rows.general_node.push_back(node);
  rows.general_column.insert(rows.general_column.end(), columns.begin(), columns.end());
  rows.general_begin.push_back(static_cast<std::uint32_t>(rows.general_column.size()));
  for (const double value : values)
    append(rows.in_double.general, value);
}

template <int dim>
void LevelRows<dim>::Builder::write_rows()
{
  for (const double value : factor)
    append(rows.in_double.factors, value);
  rows.in_double.dictionary.resize(representative.size() * row_width * n_lanes, 0.0);
  for (unsigned int node = 0; node < n; ++node)
    if (wanted[node])
    {
      collect(node);
      if (listed[node])
        write_type(node);
      else
        write_other(node);
    }
}

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
  result.n_scaled = scaled_node.size();
  result.scaled_node = scaled_node.data();
  result.scaled_begin = scaled_begin.data();
  result.scaled_column = scaled_column.data();
  result.scaled_value = values.scaled.data();
  result.scaled_factor = scaled_factor.data();
  result.factors = values.factors.data();
  result.n_general = general_node.size();
  result.general_node = general_node.data();
  result.general_begin = general_begin.data();
  result.general_column = general_column.data();
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
  return of(neighbour) + of(type) + of(scaled_node) + of(scaled_begin) + of(scaled_column) + of(general_node) +
         of(general_begin) + of(general_column) + of(scaled_factor) + coefficient_bytes(in_double) +
         coefficient_bytes(in_single);
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
  for (std::size_t row = 0; row < scaled_node.size(); ++row)
  {
    start(scaled_begin[row + 1] - scaled_begin[row]);
    const double scale = in_double.factors[static_cast<std::size_t>(scaled_factor[row]) * n_lanes + lane];
    for (std::size_t q = 0; q < columns.size(); ++q)
    {
      columns[q] = scaled_column[scaled_begin[row] + q];
      values[q] = scale * in_double.scaled[scaled_begin[row] + q];
    }
    visit(scaled_node[row], columns, values);
  }
  for (std::size_t row = 0; row < general_node.size(); ++row)
  {
    start(general_begin[row + 1] - general_begin[row]);
    for (std::size_t q = 0; q < columns.size(); ++q)
    {
      columns[q] = general_column[general_begin[row] + q];
      values[q] = in_double.general[static_cast<std::size_t>(general_begin[row] + q) * n_lanes + lane];
    }
    visit(general_node[row], columns, values);
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
