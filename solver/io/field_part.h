#pragma once

#include "fields/field_set.h"
#include "io/rank_groups.h"
#include "observables/observed.h"

#include <vtkType.h>

#include <cstdint>
#include <vector>

namespace nidus
{
/// The mesh of a rank, or of a group of ranks, with its fields, as files show it; the points and cells of one rank
/// follow those of another.
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

  /// Puts the cells of the other ranks of the group behind those of its first rank; elsewhere nothing changes.
  /// Collective over the group.
  void gather(const RankGroups &groups);
};

/// The cells of this rank. The fields need ghosts that are up to date.
template <int dim>
FieldPart part_of_rank(const FieldSet<dim> &fields, const std::vector<ObservedArray> &more);
} // namespace nidus
