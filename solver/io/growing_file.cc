#include "io/growing_file.h"

#include "io/outcome.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace nidus
{
namespace
{
/// Bytes of the file up to the end of its line number @p lines (from 1). Throws std::runtime_error if it has fewer.
std::uint64_t length_of_lines(const std::string &path, std::uint64_t lines)
{
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error(system_fault("open", path));
  std::uint64_t length = 0;
  std::vector<char> block(1u << 20);
  while (lines > 0)
  {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    const auto end = block.begin() + file.gcount();
    if (file.gcount() == 0)
      throw std::runtime_error("cannot resume with '" + path + "': it has fewer rows than at the checkpoint");
    for (auto at = block.begin(); at != end && lines > 0; ++at, ++length)
      lines -= *at == '\n' ? 1 : 0;
  }
  return length;
}
} // namespace

GrowingFile::GrowingFile(const OutputFolder &folder, const std::string &name, const std::string &header)
    : folder(folder), path(folder.path(name))
{
  on_root(folder.communicator(), [&] {
    std::error_code ignored;
    if (folder.mode() == OutputFolder::Mode::fresh || !std::filesystem::exists(path, ignored))
      write_whole_file(path, header);
  });
}

void GrowingFile::add(const std::string &text, const std::uint64_t n_rows)
{
  rows_pending += n_rows;
  if (dealii::Utilities::MPI::this_mpi_process(folder.communicator()) == 0)
    pending += text;
}

void GrowingFile::flush()
{
  if (rows_pending == 0)
    return;
  on_root(folder.communicator(), [&] {
    FileDescriptor file(path, O_WRONLY | O_APPEND);
    const auto length = ::lseek(file.number(), 0, SEEK_END);
    try
    {
      file.write(pending);
      file.sync();
    }
    catch (const std::exception &)
    {
      // Half a row would puzzle the next reader; if it cannot be cut off, truncate_to() does it at the restart.
      const int uncut = length >= 0 ? ::ftruncate(file.number(), length) : 0;
      static_cast<void>(uncut);
      throw;
    }
    file.close();
    pending.clear();
  });
  rows_in_file += rows_pending;
  rows_pending = 0;
}

void GrowingFile::truncate_to(const std::uint64_t rows)
{
  on_root(folder.communicator(), [&] {
    std::error_code fault;
    std::filesystem::resize_file(path, length_of_lines(path, rows + 1), fault);
    if (fault)
      throw std::runtime_error("cannot shorten '" + path + "': " + fault.message());
    pending.clear();
  });
  rows_in_file = rows;
  rows_pending = 0;
}
} // namespace nidus
