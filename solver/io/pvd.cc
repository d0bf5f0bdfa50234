#include "io/pvd.h"

#include "io/number_text.h"

#include <algorithm>

namespace nidus
{
std::string pvd_text(const std::vector<CollectionPart> &parts)
{
  std::string text = "<?xml version=\"1.0\"?>\n"
                     "<VTKFile type=\"Collection\" version=\"0.1\" byte_order=\"LittleEndian\">\n"
                     "  <Collection>\n";
  for (const auto &part : parts)
    text += "    <DataSet timestep=\"" + number_text(part.time) + "\" group=\"\" part=\"" + std::to_string(part.part) +
            "\"" + (part.name.empty() ? "" : " name=\"" + part.name + "\"") + " file=\"" + part.file + "\"/>\n";
  return text + "  </Collection>\n"
                "</VTKFile>\n";
}

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
  if (!list.empty())
    write();
}

void TimeCollection::write() const
{
  std::vector<CollectionPart> parts;
  for (const auto &[time, file] : list)
    parts.push_back({time, file, 0, ""});
  folder.write(file_name, pvd_text(parts));
}
} // namespace nidus
