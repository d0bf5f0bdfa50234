#include "test_io_folder.h"

#include "control/input_error.h"
#include "control/shared_fault.h"
#include "io/outcome.h"
#include "io/output_folder.h"
#include "io/whole_file.h"

#include <catch2/catch.hpp>

#include <fcntl.h>

namespace fs = std::filesystem;
using namespace nidus;
using namespace nidus::test;
using Catch::Contains;
using Mode = OutputFolder::Mode;

namespace
{
std::string refusal(const std::string &path, const Mode mode = Mode::fresh)
{
  return fault_of<InputError>([&] { OutputFolder(MPI_COMM_WORLD, path, mode); });
}

/// The number of entries of a folder. Collective.
std::ptrdiff_t n_entries(const std::string &path)
{
  return in_peace([&] { return std::distance(fs::directory_iterator(path), fs::directory_iterator()); });
}
} // namespace

TEST_CASE("A fresh folder is made with the folders around it", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("a/b/run//"), Mode::fresh);
  CHECK(folder.path() == scratch.path("a/b/run"));
  CHECK(folder.notice().empty());
  CHECK(n_entries(folder.path()) == 0);

  folder.write("file", "content\n");
  folder.make_folder("below/it");
  CHECK(content_of(folder.path("file")) == "content\n");
  CHECK(in_peace([&] { return fs::is_directory(folder.path("below/it")); }));
  CHECK(n_entries(folder.path()) == 2);
}

TEST_CASE("An earlier run is moved aside", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const std::string path = scratch.path("run");
  for (const std::string earlier : {"first", "second"})
  {
    const OutputFolder folder(MPI_COMM_WORLD, path, Mode::fresh);
    folder.write("statistics.csv", earlier);
  }
  const OutputFolder folder(MPI_COMM_WORLD, path, Mode::fresh);
  CHECK_THAT(folder.notice(), Contains("'" + path + "'") && Contains("'" + path + ".2'"));
  CHECK(n_entries(path) == 0);
  CHECK(content_of(path + ".1/statistics.csv") == "first");
  CHECK(content_of(path + ".2/statistics.csv") == "second");
}

TEST_CASE("A folder without a run is used as it is", "[io][mpi]")
{
  const TemporaryFolder scratch;
  put(scratch.path("notes"), "mine");
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path(""), Mode::fresh);
  CHECK(folder.notice().empty());
  CHECK(content_of(folder.path("notes")) == "mine");
}

TEST_CASE("An earlier run behind a link is moved where the link leads", "[io][mpi]")
{
  const TemporaryFolder scratch;
  if (is_root())
  {
    fs::create_directory(scratch.path("disk"));
    fs::create_directory_symlink(scratch.path("disk"), scratch.path("link"));
  }
  put(scratch.path("disk/run.log"), "old");
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("link"), Mode::fresh);
  folder.write("run.log", "new");
  CHECK(content_of(scratch.path("disk.1/run.log")) == "old");
  CHECK(content_of(scratch.path("disk/run.log")) == "new");
}

TEST_CASE("The folder in which the program was started is not moved", "[io][mpi]")
{
  const TemporaryFolder scratch;
  put(scratch.path("input.prm"), "old");
  const fs::path before = fs::current_path();
  fs::current_path(scratch.path(""));
  const std::string told = refusal(".");
  fs::current_path(before);
  CHECK_THAT(told, Contains("the program was started") && Contains("--output"));
  CHECK(content_of(scratch.path("input.prm")) == "old");
}

TEST_CASE("A folder that cannot be used is refused on all ranks", "[io][mpi]")
{
  const TemporaryFolder scratch;
  put(scratch.path("file"), "in the way");
  CHECK_THAT(refusal(scratch.path("file")), Contains(scratch.path("file")) && Contains("Cure"));
  CHECK_THAT(refusal(scratch.path("file/below/run")), Contains(scratch.path("file/below/run")) && Contains("Cure"));
  CHECK_THAT(refusal(""), Contains("empty"));
  // No folder can be made there, not even by root.
  CHECK_THAT(refusal("/proc/nidus/run"), Contains("/proc/nidus/run") && Contains("cannot be made"));
  CHECK_THAT(refusal(scratch.path("absent"), Mode::resume), Contains("no such folder"));
  CHECK(content_of(scratch.path("file")) == "in the way");
  CHECK(n_entries(scratch.path("")) == 1);
}

TEST_CASE("A refused folder leaves nothing behind", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const std::string name(300, 'x'); // longer than a file system allows
  CHECK_THAT(refusal(scratch.path("a/b/" + name)), Contains("cannot be made"));
  CHECK(n_entries(scratch.path("")) == 0);
}

TEST_CASE("A failed write is known to all ranks", "[io][mpi]")
{
  const TemporaryFolder scratch;
  const OutputFolder folder(MPI_COMM_WORLD, scratch.path("run"), Mode::fresh);
  folder.make_folder("table/full");
  const std::string told = fault_of<std::runtime_error>([&] { folder.write("table", "content"); });
  CHECK_THAT(told, Contains(folder.path("table")) && Contains("directory", Catch::CaseSensitive::No));
  CHECK(n_entries(folder.path()) == 1);

  const std::string full = fault_of<std::runtime_error>([] { FileDescriptor("/dev/full", O_WRONLY).write("content"); });
  CHECK_THAT(full, Contains("/dev/full") && Contains("No space left"));
}

TEST_CASE("A fault on any rank is known to all ranks", "[io][mpi]")
{
  const unsigned int last = dealii::Utilities::MPI::n_mpi_processes(MPI_COMM_WORLD) - 1;
  const std::string who = last > 0 ? "rank " + std::to_string(last) + ": " : "";
  const auto told = [&](const auto &fault) {
    return fault_of<SharedFault>([&] {
      on_every_rank(MPI_COMM_WORLD, [&] {
        if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) == last)
          throw fault;
      });
    });
  };
  CHECK(told(std::runtime_error("the disk is gone")) == who + "the disk is gone");
  CHECK(told(std::bad_alloc()) == who + "out of memory");
  CHECK_NOTHROW(on_every_rank(MPI_COMM_WORLD, [] {}));
}
