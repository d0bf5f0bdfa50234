#include "target.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace nidus::fuzz
{
std::string outcome;

std::pair<std::string, std::string> first_line_and_rest(const std::string &input)
{
  const auto end = input.find('\n');
  return end == std::string::npos ? std::pair(input, std::string())
                                  : std::pair(input.substr(0, end), input.substr(end + 1));
}

Folder::Folder() : path(std::filesystem::temp_directory_path() / ("nidus_fuzz_" + std::to_string(getpid())))
{
  std::filesystem::remove_all(path);
  std::filesystem::create_directory(path);
}

Folder::~Folder()
{
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

std::string Folder::write(const std::string &file, const std::string &bytes) const
{
  const std::string name = path + "/" + file;
  std::ofstream stream(name, std::ios::binary);
  stream << bytes;
  if (!stream.flush())
    throw std::runtime_error("cannot write '" + name + "'");
  return name;
}
} // namespace nidus::fuzz

extern "C" int LLVMFuzzerInitialize(int *, char ***)
{
  static int argc = 1;
  static char name[] = "fuzz", *names[] = {name, nullptr}, **argv = names;
  static const dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  dealii::deal_II_exceptions::disable_abort_on_exception();
  return 0;
}
