#include "control/status_line.h"

#include "control/terminal.h"

#include <deal.II/base/mpi.h>

#include <algorithm>
#include <iostream>

namespace nidus
{
std::string truncated(const std::string &text, const unsigned int columns)
{
  const auto continues = [](const char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; };
  unsigned int characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (!continues(text[i]) && characters++ == columns)
      return text.substr(0, i);
  return text;
}

StatusLine::StatusLine(MPI_Comm communicator, const Verbosity verbosity)
    : shown(verbosity >= Verbosity::normal && dealii::Utilities::MPI::this_mpi_process(communicator) == 0 &&
            terminal::attached())
{
}

void StatusLine::show(const std::string &text, const bool at_once)
{
  constexpr auto shortest_pause = std::chrono::milliseconds(200);
  const auto now = Clock::now();
  if (!shown || (!at_once && last && now - *last < shortest_pause))
    return;
  // The last column stays free: some terminals begin a new line when it is written.
  std::cout << '\r' << truncated(text, std::max(2u, terminal::width()) - 1) << "\x1b[K" << std::flush;
  last = now;
  open = true;
}

void StatusLine::wipe()
{
  if (open)
    std::cout << "\r\x1b[K" << std::flush;
  open = false;
}

void StatusLine::keep()
{
  if (open)
    std::cout << std::endl;
  open = false;
}
} // namespace nidus
