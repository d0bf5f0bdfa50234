#include "fields/level_rows_builder.h"

#include <algorithm>
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
} // namespace

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
    rows.scaled.node.push_back(node);
    rows.scaled_factor.push_back(static_cast<std::uint16_t>(entries.front().region));
    rows.scaled.column.insert(rows.scaled.column.end(), columns.begin(), columns.end());
    rows.scaled.begin.push_back(static_cast<std::uint32_t>(rows.scaled.column.size()));
    for (const auto column : columns)
      for (const auto &entry : entries)
        if (entry.column == column)
          append(rows.in_double.scaled, entry.value);
    return;
  }
  rows.general.node.push_back(node);
  rows.general.column.insert(rows.general.column.end(), columns.begin(), columns.end());
  rows.general.begin.push_back(static_cast<std::uint32_t>(rows.general.column.size()));
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

template class LevelRows<2>::Builder;
template class LevelRows<3>::Builder;
} // namespace nidus
