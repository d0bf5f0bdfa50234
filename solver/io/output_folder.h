#pragma once

#include <mpi.h>

#include <string>

namespace nidus
{
/**
 * The folder that holds everything a run writes.
 *
 * A fresh run never writes over an earlier one: that is moved aside. The constructor tries to write, so that a run
 * does not learn after hours that it cannot.
 */
class OutputFolder
{
public:
  enum class Mode
  {
    fresh, ///< a new run: an earlier one in the folder is moved to PATH.1, PATH.2, ...
    resume ///< goes on with the run in the folder
  };

  /**
   * Makes the folder and checks that it can be written. Collective.
   *
   * Throws InputError on all ranks alike, having undone what it did, if there is something else at @p path, if the
   * folder cannot be made or written, if an earlier run is in the folder from which the program was started, and if
   * there is no folder to resume from.
   */
  OutputFolder(MPI_Comm comm, const std::string &path, Mode mode);

  /// What the user should know of, for the log; empty: nothing. The same on all ranks.
  const std::string &notice() const { return message; }

  MPI_Comm communicator() const { return comm; }
  Mode mode() const { return run_mode; }
  const std::string &path() const { return folder; }
  std::string path(const std::string &name) const { return folder + "/" + name; }

  /// Writes a file of this folder aside and renames it; what rank 0 passes counts. Collective. Throws
  /// std::runtime_error on all ranks.
  void write(const std::string &name, const std::string &content) const;

  /// Makes a folder below this one, unless it is there. Collective. Throws std::runtime_error on all ranks.
  void make_folder(const std::string &name) const;

private:
  MPI_Comm comm;
  std::string folder;
  Mode run_mode;
  std::string message;
};
} // namespace nidus
