// Vessels: the first line is the ending of the file's name, the rest its bytes.
#include "organ/vessel_file.h"
#include "target.h"

#include <algorithm>

using namespace nidus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  const auto [ending, bytes] = fuzz::first_line_and_rest(fuzz::text_of(data, size));
  const auto known = {"vtp", "vtk", "swc"};
  if (std::find(known.begin(), known.end(), ending) == known.end())
    return -1;
  const fuzz::Folder folder;
  VesselParameters parameters;
  parameters.source = "file";
  parameters.file.file = folder.write("vessels." + ending, bytes);
  if (ending != "swc")
    parameters.file.pressure_array = "pressure";
  else
    parameters.inlet_list = {{dealii::Point<3>(0.0, 0.0, 0.0), 100.0, "Vessels/Inlets", "0, 0, 0, 100"},
                             {dealii::Point<3>(90.0, 30.0, 0.0), 0.0, "Vessels/Inlets", "90, 30, 0, 0"}};
  fuzz::taken_or_refused([&] { read_vessels(MPI_COMM_SELF, parameters); });
  return 0;
}
