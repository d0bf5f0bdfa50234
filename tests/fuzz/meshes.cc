// Meshes: the first line is the ending of the file's name and, after a blank, the dimension; the rest are its bytes.
#include "organ/mesh_file.h"
#include "target.h"

#include <algorithm>

using namespace nidus;

namespace
{
template <int dim>
void read(const OrganParameters &parameters)
{
  fuzz::taken_or_refused([&] {
    const MeshFile<dim> shape(parameters);
    dealii::Triangulation<dim> mesh;
    shape.make_coarse_mesh(mesh);
  });
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  const auto [kind, bytes] = fuzz::first_line_and_rest(fuzz::text_of(data, size));
  const std::string ending = kind.substr(0, kind.find(' '));
  const auto known = {"msh", "vtu", "inp"};
  if (std::find(known.begin(), known.end(), ending) == known.end())
    return -1;
  const fuzz::Folder folder;
  OrganParameters parameters;
  parameters.shape = "mesh file";
  parameters.mesh_file.file = folder.write("organ." + ending, bytes);
  parameters.mesh_file.regions = {{"parenchyma", 1.0}};
  if (kind == ending + " 2")
    read<2>(parameters);
  else
    read<3>(parameters);
  return 0;
}
