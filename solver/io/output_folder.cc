#include "io/output_folder.h"

#include "control/input_error.h"
#include "io/outcome.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <vector>

namespace nidus
{
namespace fs = std::filesystem;

namespace
{
constexpr const char *choose_another = "name another folder with --output";

/// What InputError is made of, such that it can travel to the other ranks.
struct Fault
{
  std::string what, cure;
};

[[noreturn]] void refuse(const fs::path &path, const std::string &reason, const std::string &cure = choose_another)
{
  throw Fault{"the output folder '" + path.string() + "' cannot be used: " + reason, cure};
}

bool holds_run(const fs::path &path)
{
  std::error_code ignored;
  for (const char *name : {"input.prm", "statistics.csv", "run.log", "replicate_001", "sweep.csv", "journal"})
    if (fs::exists(path / name, ignored))
      return true;
  return false;
}

/// Whether @p path is the folder in which the program was started, or one around it.
bool holds_start(const fs::path &path)
{
  std::error_code fault;
  const fs::path here = fs::current_path(fault);
  const fs::path there = fs::canonical(path, fault);
  return !fault && std::mismatch(there.begin(), there.end(), here.begin(), here.end()).first == there.end();
}

/// Folders made and moved while a folder is prepared; undone unless kept.
class Preparation
{
public:
  ~Preparation()
  {
    std::error_code ignored;
    for (auto made_folder = made.rbegin(); made_folder != made.rend(); ++made_folder)
      fs::remove(*made_folder, ignored);
    if (!moved_to.empty())
      fs::rename(moved_to, moved_from, ignored);
  }

  /// Makes @p path, which is @p goal or around it.
  void make(const fs::path &path, const fs::path &goal)
  {
    std::error_code fault;
    if (fs::is_directory(path, fault))
      return;
    if (fs::exists(fs::symlink_status(path, fault)))
      refuse(goal, "'" + path.string() + "' is not a folder");
    if (path.has_parent_path() && path.parent_path() != path)
      make(path.parent_path(), goal);
    const bool is_new = fs::create_directory(path, fault);
    if (fault)
      refuse(goal, "'" + path.string() + "' cannot be made (" + fault.message() + ")");
    if (is_new)
      made.push_back(path);
  }

  /// Gives the new name; an empty folder takes the place (behind a link, where the link leads).
  fs::path move_aside(const fs::path &path)
  {
    std::error_code fault;
    const fs::path from = fs::is_symlink(path, fault) ? fs::canonical(path, fault) : path;
    unsigned int number = 1;
    fs::path to = from;
    do
      to = from.string() + "." + std::to_string(number++);
    while (fs::exists(fs::symlink_status(to, fault)));
    fs::rename(from, to, fault);
    if (fault)
      refuse(path, "it holds an earlier run, which cannot be moved to '" + to.string() + "' (" + fault.message() + ")");
    moved_from = from;
    moved_to = to;
    make(from, path);
    return to;
  }

  void keep()
  {
    made.clear();
    moved_to.clear();
  }

private:
  std::vector<fs::path> made;
  fs::path moved_from, moved_to;
};

void probe(const fs::path &path)
{
  const fs::path file = path / ".probe";
  try
  {
    write_whole_file(file.string(), "probe\n");
  }
  catch (const std::exception &fault)
  {
    refuse(path, std::string("it cannot be written (") + fault.what() + ")",
           std::string("give yourself the right to write, make room on the disk, or ") + choose_another);
  }
  std::error_code ignored;
  fs::remove(file, ignored);
}

/// Gives a notice, empty for none. Throws Fault.
std::string prepare_fresh(const fs::path &path)
{
  std::error_code ignored;
  Preparation preparation;
  std::string notice;
  if (fs::is_directory(path, ignored) && holds_run(path))
  {
    if (holds_start(path))
      refuse(path, "it holds input.prm, statistics.csv or run.log of an earlier run and is the folder in which the "
                   "program was started");
    const fs::path moved = preparation.move_aside(path);
    notice = "the earlier run in '" + path.string() + "' was moved to '" + moved.string() + "'";
  }
  preparation.make(path, path);
  probe(path);
  preparation.keep();
  return notice;
}

/// Throws Fault.
void prepare_resume(const fs::path &path)
{
  std::error_code ignored;
  if (!fs::is_directory(path, ignored))
    refuse(path, "there is no such folder to resume from",
           "name the folder of the run with --output, or start a fresh run");
  probe(path);
}

/// "a/b//" -> "a/b".
std::string without_trailing_slash(std::string path)
{
  while (path.size() > 1 && path.back() == '/')
    path.pop_back();
  return path;
}
} // namespace

OutputFolder::OutputFolder(MPI_Comm comm, const std::string &path, const Mode mode)
    : comm(comm), folder(without_trailing_slash(path)), run_mode(mode)
{
  Fault fault;
  if (dealii::Utilities::MPI::this_mpi_process(comm) == 0)
    try
    {
      if (folder.empty())
        refuse(folder, "its name is empty");
      if (mode == Mode::fresh)
        message = prepare_fresh(folder);
      else
        prepare_resume(folder);
    }
    catch (const Fault &found)
    {
      fault = found;
    }
    catch (const std::exception &found)
    {
      fault = {"the output folder '" + folder + "' cannot be used: " + found.what(), choose_another};
    }
  const std::vector<std::string> outcome =
      dealii::Utilities::MPI::broadcast(comm, std::vector<std::string>{fault.what, fault.cure, message}, 0);
  if (!outcome[0].empty())
    throw InputError(outcome[0], outcome[1]);
  message = outcome[2];
}

void OutputFolder::write(const std::string &name, const std::string &content) const
{
  on_root(comm, [&] { write_whole_file(path(name), content); });
}

void OutputFolder::make_folder(const std::string &name) const
{
  on_root(comm, [&] {
    std::error_code fault;
    fs::create_directories(path(name), fault);
    if (fault)
      throw std::runtime_error("cannot make the folder '" + path(name) + "': " + fault.message());
  });
}
} // namespace nidus
