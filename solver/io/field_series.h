#pragma once

#include "io/field_part.h"
#include "io/output_folder.h"
#include "observables/observed.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nidus
{
/**
 * Fields over time as XDMF: fields.xdmf describes what HDF5 files hold, a piece for each group of ranks.
 *
 * fields/mesh_NNNNNN.N.h5 has `points` [um, three coordinates], `corners` (points of each cell, in the order of VTK)
 * and the cell arrays `region`, `rank` and `level`. It is written when the mesh is another one than at the output
 * before, and for the first output of a run that goes on. fields/fields_NNNNNN.N.h5 has the values of each field. Units
 * are the attribute `unit` of the arrays, and an Information `unit` in fields.xdmf (https://www.xdmf.org, model and
 * format).
 */
class FieldSeries
{
public:
  /// @p folder must outlive this.
  FieldSeries(const OutputFolder &folder, const RankGroups &groups, unsigned int dimension,
              const std::vector<ObservedColumn> &arrays, const std::vector<std::string> &region_names);

  /// Adds @p part as output number @p number at @p time (min), in place of one with the same number. Collective. Throws
  /// std::runtime_error on all ranks; fields.xdmf does not name the new files then.
  void add(const FieldPart &part, std::uint64_t number, double time);

  /// To be saved in and restored from checkpoints. restore() is collective and writes fields.xdmf if there is anything.
  nlohmann::json state() const;
  void restore(const nlohmann::json &state);

private:
  struct Entry
  {
    double time;
    std::uint64_t number, mesh; ///< numbers of the outputs with these values, and with their mesh
  };
  using Sizes = std::vector<std::pair<std::uint64_t, std::uint64_t>>; ///< points and cells of each piece

  void write_mesh(const FieldPart &part, std::uint64_t number);
  void write_values(const FieldPart &part, std::uint64_t number) const;
  void write_text() const;
  std::string text_of(const Entry &entry) const;

  const OutputFolder &folder;
  RankGroups groups;
  unsigned int dimension;
  std::vector<ObservedColumn> arrays;
  std::vector<std::string> region_names;
  std::vector<Entry> entries;
  std::map<std::uint64_t, Sizes> meshes; ///< by number of the output
  bool has_mesh = false;                 ///< of the last output
  std::uint64_t mesh_number = 0, mesh_hash = 0;
};
} // namespace nidus
