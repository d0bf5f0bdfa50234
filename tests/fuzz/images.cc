// Label images: the first line is the ending of the file's name, the rest its bytes.
#include "organ/label_image.h"
#include "target.h"

#include <algorithm>

using namespace nidus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  const auto [ending, bytes] = fuzz::first_line_and_rest(fuzz::text_of(data, size));
  const auto known = {"nii", "nii.gz", "nrrd", "nhdr", "mha", "mhd", "vti"};
  if (std::find(known.begin(), known.end(), ending) == known.end())
    return -1;
  const fuzz::Folder folder;
  OrganParameters parameters;
  parameters.shape = "label image";
  parameters.cell_size = 20.0;
  parameters.label_image.file = folder.write("labels." + ending, bytes);
  parameters.label_image.named = {{"parenchyma", {1}}};
  fuzz::taken_or_refused([&] {
    const LabelImage<3> image(parameters);
    image.region(dealii::Point<3>(1.0, 2.0, 3.0), 0);
  });
  return 0;
}
