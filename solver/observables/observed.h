#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace nidus
{
/// A column of a table.
struct ObservedColumn
{
  std::string name, unit;
};

/// A number, a key or a word in a table.
using TableEntry = std::variant<double, std::uint64_t, std::string>;
using TableRow = std::vector<TableEntry>;

/// A table over time in a file of its own.
struct TableHead
{
  std::string file;
  std::vector<ObservedColumn> columns;
};

/// Numbers of a point array of the output.
struct ObservedArray
{
  std::string name, unit;
  std::vector<double> values;               ///< those of a point after each other
  std::vector<std::string> components = {}; ///< names of the numbers of a point; empty: there is one

  std::size_t width() const { return components.empty() ? 1 : components.size(); }
};

/// What one look at a run has found.
struct Observed
{
  std::vector<double> row;                   ///< for the statistics; what rank 0 has counts
  std::vector<std::vector<TableRow>> tables; ///< new rows of each table, on rank 0
  std::vector<ObservedArray> at_nodes;       ///< in the local form of the fields' state: owned nodes, then ghosts
  std::vector<ObservedArray> at_agents;      ///< of the agents of this rank
};
} // namespace nidus
