// Whole parameter files, as far as they are resolved: fields, reactions, agents with states and transitions, ...
#include "parameters.h"
#include "target.h"

#include <mpi.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  const nidus::fuzz::Folder folder;
  const std::string file = folder.write("file.prm", nidus::fuzz::text_of(data, size));
  nidus::fuzz::taken_or_refused([&] {
    nidus::Parameters parameters;
    load_parameters(MPI_COMM_SELF, file, {}, parameters);
  });
  return 0;
}
