#pragma once

#include <deal.II/base/mpi.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace nidus::test
{
/// A new folder of all ranks, removed at the end.
class TemporaryFolder
{
public:
  TemporaryFolder()
  {
    std::string name = (std::filesystem::temp_directory_path() / "nidus-test-XXXXXX").string();
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0 && mkdtemp(name.data()) == nullptr)
      name.clear();
    folder = dealii::Utilities::MPI::broadcast(MPI_COMM_WORLD, name, 0);
    if (folder.empty())
      throw std::runtime_error("no temporary folder");
  }

  ~TemporaryFolder()
  {
    MPI_Barrier(MPI_COMM_WORLD);
    std::error_code ignored;
    if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0)
      std::filesystem::remove_all(folder, ignored);
  }

  std::string path(const std::string &name) const { return folder + "/" + name; }

private:
  std::string folder;
};

inline bool is_root()
{
  return dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == 0;
}

/// Writes on rank 0; the others wait for it.
inline void put(const std::string &path, const std::string &content)
{
  if (is_root())
    std::ofstream(path) << content;
  MPI_Barrier(MPI_COMM_WORLD);
}

/// Runs @p look on every rank while none of them goes on to change what it sees. Collective.
template <typename Look>
auto in_peace(const Look &look)
{
  MPI_Barrier(MPI_COMM_WORLD);
  const auto seen = look();
  MPI_Barrier(MPI_COMM_WORLD);
  return seen;
}

/// Collective.
inline std::string content_of(const std::string &path)
{
  return in_peace([&] {
    std::ifstream file(path, std::ios::binary);
    return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  });
}

/// Collective.
inline std::vector<std::string> lines_of(const std::string &path)
{
  std::istringstream content(content_of(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(content, line);)
    lines.push_back(line);
  return lines;
}

/// What @p action throws as an @p Error; empty if nothing, "another kind" if something else.
template <typename Error, typename Action>
std::string fault_of(const Action &action)
{
  try
  {
    action();
  }
  catch (const Error &fault)
  {
    return fault.what();
  }
  catch (const std::exception &fault)
  {
    return "another kind";
  }
  return "";
}
} // namespace nidus::test
