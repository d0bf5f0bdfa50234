#pragma once

#include "fields/field_set.h"
#include "io/output_folder.h"
#include "io/pvd.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nidus
{
/**
 * The fields on the mesh, for ParaView: fields/fields_NNNNNN.pvtu with its pieces, and fields.pvd.
 *
 * Arrays: each field under its array_name(), with its unit; `region` (index of the region) and `rank`, which are
 * constant in a mesh cell. All are point data, in single precision: DataOut gives each mesh cell points of its own. In
 * mesh cells without tissue a field has no meaning: leave them out by `region`.
 */
template <int dim>
class FieldOutput
{
public:
  /// Makes the folder "fields". @p n_piece_files: piece files per time; 0: one for each rank. Collective. Throws
  /// InputError for fields that would share a name, std::runtime_error if the folder cannot be made, on all ranks.
  /// Both references must outlive this.
  FieldOutput(const OutputFolder &folder, const FieldSet<dim> &fields, unsigned int n_piece_files);

  /// One piece file for up to four ranks, a quarter of the ranks beyond, 32 at most.
  static unsigned int default_piece_files(unsigned int n_ranks);

  /// Writes the fields as output number @p number at @p time (min). Collective. Throws std::runtime_error on all ranks;
  /// the collection does not name the new files then.
  void write(std::uint64_t number, double time);

  /// To be saved in and restored from checkpoints.
  TimeCollection &collection() { return times; }

private:
  std::string piece_name(const std::string &base, unsigned int file) const;
  void write_piece(const std::string &base, const std::string &piece) const;

  const OutputFolder &folder;
  const FieldSet<dim> &fields;
  unsigned int n_groups;          ///< of ranks, one file each
  unsigned int group = 0;         ///< of this rank
  unsigned int leader, group_end; ///< first rank of the group, and the one after its last
  std::vector<std::string> names;
  std::map<std::string, std::string> units;
  TimeCollection times;
};
} // namespace nidus
