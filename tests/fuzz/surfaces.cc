// Surfaces: the first line is the ending of the file's name, the rest its bytes.
#include "organ/surface_shape.h"
#include "target.h"

#include <algorithm>

using namespace nidus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  const auto [ending, bytes] = fuzz::first_line_and_rest(fuzz::text_of(data, size));
  const auto known = {"stl", "ply", "obj", "vtp"};
  if (std::find(known.begin(), known.end(), ending) == known.end())
    return -1;
  const fuzz::Folder folder;
  OrganParameters parameters;
  parameters.shape = "surface";
  parameters.cell_size = 20.0;
  parameters.surface.named = {{"parenchyma", folder.write("organ." + ending, bytes)}};
  fuzz::taken_or_refused([&] {
    const SurfaceShape shape(parameters);
    shape.region(dealii::Point<3>(1.0, 2.0, 3.0), 0);
  });
  return 0;
}
