#include "io/run_log.h"

#include "control/terminal.h"
#include "io/outcome.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <stdexcept>

namespace nidus
{
RunLog::RunLog(const OutputFolder &folder, const Verbosity verbosity)
    : comm(folder.communicator()), path(folder.path("run.log")),
      is_root(dealii::Utilities::MPI::this_mpi_process(comm) == 0), loudness(verbosity),
      on_terminal(is_root && verbosity >= Verbosity::normal && terminal::attached())
{
  const auto mode = folder.mode() == OutputFolder::Mode::resume ? std::ios::app : std::ios::trunc;
  on_root(comm, [&] {
    errno = 0;
    file.open(path, std::ios::out | mode);
    if (!file)
      throw std::runtime_error(system_fault("open", path));
  });
}

void RunLog::line(const std::string &text)
{
  if (!is_root)
    return;
  // On a terminal the line of the progress may stand here; it is wiped first.
  if (loudness >= Verbosity::normal)
    std::cout << (on_terminal ? "\r\x1b[K" : "") << text << std::endl;
  record(text);
}

void RunLog::detail(const std::string &text)
{
  if (loudness == Verbosity::verbose)
    line(text);
  else
    record(text);
}

void RunLog::record(const std::string &text)
{
  if (!is_root)
    return;
  // A disk that was full may have room again; what could not be written then is still to come.
  errno = 0;
  file.clear();
  file << text << std::endl;
  fault = file ? "" : system_fault("write", path);
}

void RunLog::warning(const std::string &text)
{
  if (!is_root)
    return;
  const auto known =
      std::find_if(warnings.begin(), warnings.end(), [&](const auto &entry) { return entry.first == text; });
  if (known != warnings.end())
  {
    ++known->second;
    return;
  }
  warnings.emplace_back(text, 1);
  line("warning: " + text);
  if (loudness == Verbosity::quiet)
    std::cerr << "nidus: warning: " << text << std::endl;
}

std::size_t RunLog::n_warnings() const
{
  std::size_t n = 0;
  for (const auto &entry : warnings)
    n += entry.second;
  return n;
}

void RunLog::summary()
{
  if (warnings.empty())
    return;
  const std::size_t n = n_warnings();
  line(std::to_string(n) + (n == 1 ? " warning:" : " warnings:"));
  for (const auto &[text, count] : warnings)
    line("  " + text + (count > 1 ? " (" + std::to_string(count) + " times)" : ""));
}

void RunLog::check()
{
  on_root(comm, [&] {
    if (!fault.empty())
      throw std::runtime_error(fault);
  });
}
} // namespace nidus
