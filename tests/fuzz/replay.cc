// The main of a fuzz target where there is no libFuzzer: tries the files, and those in the folders, that are named, and
// tells what has become of each.
#include "target.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <vector>

namespace
{
void try_file(const std::filesystem::path &file)
{
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    throw std::runtime_error("cannot read '" + file.string() + "'");
  const std::vector<char> bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  nidus::fuzz::outcome = "no file of this target";
  // Should it crash, this is the last line.
  std::cout << file.string() << ": " << std::flush;
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
  std::cout << nidus::fuzz::outcome << std::endl;
}
} // namespace

int main(int argc, char **argv)
{
  LLVMFuzzerInitialize(&argc, &argv);
  for (int i = 1; i < argc; ++i)
    if (std::filesystem::is_directory(argv[i]))
      for (const auto &entry : std::filesystem::directory_iterator(argv[i]))
        try_file(entry.path());
    else
      try_file(argv[i]);
  return 0;
}
