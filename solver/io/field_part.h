#pragma once

#include "fields/field_set.h"
#include "io/rank_groups.h"
#include "observables/observed.h"

#include <vtkType.h>

#include <cstdint>
#include <vector>

namespace nidus
{
/// The mesh of a group of ranks with its fields, as files show it; the points and cells of one rank follow those of
/// another.
struct FieldPart
{
  std::vector<double> points;              ///< [um], three coordinates each
  std::vector<std::vector<double>> values; ///< of each field at each point, then of each further array
  std::vector<vtkIdType> corners;          ///< points of each cell, in the order of VTK
  std::vector<std::int32_t> region, rank, level;

  std::size_t n_points() const { return points.size() / 3; }
  std::size_t n_cells() const { return region.size(); }

  /// A number that is another one for another mesh.
  std::uint64_t mesh_hash() const;

  /// The cells of all ranks of the group on its first rank; elsewhere those of the rank. The fields need ghosts that
  /// are up to date. Collective over the group.
  template <int dim>
  static FieldPart gather(const FieldSet<dim> &fields, const std::vector<ObservedArray> &more,
                          const RankGroups &groups);
};
} // namespace nidus
