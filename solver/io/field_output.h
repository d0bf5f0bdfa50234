#pragma once

#include "fields/field_set.h"
#include "io/output_folder.h"
#include "io/pvd.h"
#include "observables/observed.h"

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
/**
 * The fields on the mesh, for ParaView: fields/fields_NNNNNN.pvtu with its pieces, and fields.pvd.
 *
 * Point arrays, 64-bit: each field under its array_name(), with its unit, then those of observables. Cell arrays,
 * 32-bit integers: `region` (index of the region), `rank` (that owns the cell) and `level` (of refinement). Field data
 * of each piece: `TimeValue` [min]. The mesh cells of a rank share their points; a node on the border between ranks is
 * a point of each of them. In mesh cells without tissue a field has no meaning: leave them out by `region`.
 */
template <int dim>
class FieldOutput
{
public:
  /// Makes the folder "fields". @p n_piece_files: piece files per time; 0: one for each rank. @p more: further point
  /// arrays. Collective. Throws InputError for fields that would share a name, std::runtime_error if the folder cannot
  /// be made, on all ranks. The folder must outlive this.
  FieldOutput(const OutputFolder &folder, const FieldsParameters &parameters, unsigned int n_piece_files,
              const std::vector<ObservedColumn> &more = {});

  /// One piece file for up to four ranks, a quarter of the ranks beyond, 32 at most.
  static unsigned int default_piece_files(unsigned int n_ranks);

  /// Writes the fields that the parameters describe, with ghosts up to date, as output number @p number at @p time
  /// (min), with the further arrays @p more. Their mesh may be another one than at the last output. Collective.
  /// Throws std::runtime_error on all ranks; the collection does not name the new files then.
  void write(const FieldSet<dim> &fields, std::uint64_t number, double time,
             const std::vector<ObservedArray> &more = {});

  /// To be saved in and restored from checkpoints.
  TimeCollection &collection() { return times; }

private:
  std::string piece_name(const std::string &base, unsigned int file) const;
  void write_piece(const FieldSet<dim> &fields, const std::string &file, double time,
                   const std::vector<ObservedArray> &more) const;

  const OutputFolder &folder;
  unsigned int n_groups;              ///< of ranks, one file each
  unsigned int group = 0;             ///< of this rank
  unsigned int leader, group_end;     ///< first rank of the group, and the one after its last
  std::vector<ObservedColumn> arrays; ///< of the fields, then further ones
  TimeCollection times;
};
} // namespace nidus
