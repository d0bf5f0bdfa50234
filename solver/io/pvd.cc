#include "io/pvd.h"

#include "io/number_text.h"

#include <algorithm>

namespace nidus
{
TimeCollection::TimeCollection(const OutputFolder &folder, const std::string &file_name)
    : folder(folder), file_name(file_name)
{
}

void TimeCollection::add(const double time, const std::string &file)
{
  list.erase(std::remove_if(list.begin(), list.end(), [&](const Entry &entry) { return entry.second == file; }),
             list.end());
  list.emplace_back(time, file);
  write();
}

void TimeCollection::restore(const std::vector<Entry> &entries)
{
  list = entries;
  write();
}

void TimeCollection::write() const
{
  std::string content = "<?xml version=\"1.0\"?>\n"
                        "<VTKFile type=\"Collection\" version=\"0.1\" byte_order=\"LittleEndian\">\n"
                        "  <Collection>\n";
  for (const auto &[time, file] : list)
    content += "    <DataSet timestep=\"" + number_text(time) + "\" group=\"\" part=\"0\" file=\"" + file + "\"/>\n";
  content += "  </Collection>\n"
             "</VTKFile>\n";
  folder.write(file_name, content);
}
} // namespace nidus
