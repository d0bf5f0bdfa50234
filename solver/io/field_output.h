#pragma once

#include "fields/field_set.h"
#include "io/field_series.h"
#include "io/output_folder.h"
#include "io/pvd.h"
#include "io/rank_groups.h"
#include "observables/observed.h"
#include "organ/organ_parameters.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
/// How fields are written.
enum class FieldFormat
{
  vtu, ///< files of VTK with everything in each
  xdmf ///< HDF5, which holds a mesh once for as long as it stays
};

/**
 * The fields on the mesh, for ParaView: fields/fields_NNNNNN.pvtu with its pieces, and fields.pvd; or fields.xdmf with
 * HDF5 files (io/field_series).
 *
 * Point arrays, 64-bit: each field under its array_name(), with its unit, then those of observables. Cell arrays,
 * 32-bit integers: `region` (index of the region), `rank` (that owns the cell) and `level` (of refinement). Field data
 * of each piece: `TimeValue` [min] and `region_names`. The mesh cells of a rank share their points; a node on the
 * border between ranks is a point of each of them. In mesh cells without tissue a field has no meaning: leave them out
 * by `region`.
 */
template <int dim>
class FieldOutput
{
public:
  /// Makes the folder "fields". @p groups: those with a piece file each. @p more: further point arrays. Collective.
  /// Throws InputError for fields that would share a name, std::runtime_error if the folder cannot be made, on all
  /// ranks. The folder must outlive this.
  FieldOutput(const OutputFolder &folder, const FieldsParameters &parameters,
              const std::vector<RegionParameters> &regions, const RankGroups &groups,
              const std::vector<ObservedColumn> &more = {}, FieldFormat format = FieldFormat::vtu);

  /// Writes the fields that the parameters describe, with ghosts up to date, as output number @p number at @p time
  /// (min), with the further arrays @p more. Their mesh may be another one than at the last output. Collective.
  /// Throws std::runtime_error on all ranks; the collection does not name the new files then.
  void write(const FieldSet<dim> &fields, std::uint64_t number, double time,
             const std::vector<ObservedArray> &more = {});

  /// To be saved in and restored from checkpoints: the outputs so far in both formats.
  TimeCollection &collection() { return times; }
  const TimeCollection &collection() const { return times; }
  FieldSeries &series() { return over_time; }

private:
  const OutputFolder &folder;
  RankGroups groups;
  FieldFormat format;
  std::vector<std::string> region_names;
  std::vector<ObservedColumn> arrays; ///< of the fields, then further ones
  TimeCollection times;
  FieldSeries over_time;
};
} // namespace nidus
