#pragma once

#include "field_world.h"

#include <cstdio>
#include <fstream>

namespace nidus::test
{
/// A Gmsh file (format 2.2) in the current folder, for one rank; all its cells belong to the physical volume 7.
class SmallMesh
{
public:
  /// @p nodes and @p elements are the lines of their sections, without the number of lines; @p groups those of the
  /// names of physical groups.
  SmallMesh(const std::string &name, const std::vector<std::string> &nodes, const std::vector<std::string> &elements,
            const std::vector<std::string> &groups = {})
      : name(name)
  {
    std::ofstream out(name);
    out << "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n";
    if (!groups.empty())
    {
      out << "$PhysicalNames\n" << groups.size() << "\n";
      for (const auto &line : groups)
        out << line << "\n";
      out << "$EndPhysicalNames\n";
    }
    write(out, "Nodes", nodes);
    write(out, "Elements", elements);
  }
  ~SmallMesh() { std::remove(name.c_str()); }
  SmallMesh(const SmallMesh &) = delete;
  SmallMesh &operator=(const SmallMesh &) = delete;

  /// One region of tissue, "parenchyma".
  OrganParameters organ(const unsigned int refinements) const
  {
    OrganParameters parameters;
    parameters.shape = "mesh file";
    parameters.refinements = refinements;
    parameters.mesh_file.file = name;
    parameters.mesh_file.regions = {{"parenchyma", 7.0}};
    parameters.regions = {region("parenchyma", true)};
    return parameters;
  }

private:
  static void write(std::ostream &out, const std::string &section, const std::vector<std::string> &lines)
  {
    out << "$" << section << "\n" << lines.size() << "\n";
    for (std::size_t i = 0; i < lines.size(); ++i)
      out << i + 1 << " " << lines[i] << "\n";
    out << "$End" << section << "\n";
  }

  std::string name;
};
} // namespace nidus::test
