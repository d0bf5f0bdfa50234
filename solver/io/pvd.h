#pragma once

#include "io/output_folder.h"

#include <string>
#include <utility>
#include <vector>

namespace nidus
{
/// A file that shows a part of what there is at a time.
struct CollectionPart
{
  double time; ///< min
  std::string file;
  unsigned int part = 0;
  std::string name; ///< of the block that it becomes; empty: none
};

/// The text of a .pvd file.
std::string pvd_text(const std::vector<CollectionPart> &parts);

/// A ParaView collection: which file shows which time. The list is the same on all ranks.
class TimeCollection
{
public:
  using Entry = std::pair<double, std::string>; ///< min, file relative to the output folder

  /// @p file_name in the output folder, such as "fields.pvd". Does not write. @p folder must outlive this.
  TimeCollection(const OutputFolder &folder, const std::string &file_name);

  /// Adds an entry, in place of one of the same file, and writes the collection. Collective. Throws std::runtime_error
  /// on all ranks.
  void add(double time, const std::string &file);

  const std::vector<Entry> &entries() const { return list; }

  /// Takes the list of a checkpoint and writes the collection if there is anything. Collective. Throws
  /// std::runtime_error on all ranks.
  void restore(const std::vector<Entry> &entries);

private:
  void write() const;

  const OutputFolder &folder;
  std::string file_name;
  std::vector<Entry> list;
};
} // namespace nidus
