#include "control/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace nidus::terminal
{
namespace
{
/// mpirun gives its programs a terminal of their own whatever there is behind it; what it writes to itself tells.
bool launcher_writes_to_terminal()
{
  std::error_code unknown;
  const auto target = std::filesystem::read_symlink("/proc/" + std::to_string(getppid()) + "/fd/1", unknown).string();
  return target.rfind("/dev/pts/", 0) == 0 || target.rfind("/dev/tty", 0) == 0;
}
} // namespace

bool attached()
{
  if (const char *wish = std::getenv("NIDUS_TERMINAL"); wish != nullptr && *wish != '\0')
    return std::string(wish) == "1";
  if (std::getenv("OMPI_COMM_WORLD_RANK") != nullptr && !launcher_writes_to_terminal())
    return false;
  return isatty(STDOUT_FILENO) == 1;
}

unsigned int width()
{
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  if (const char *columns = std::getenv("COLUMNS"); columns != nullptr)
    if (const long number = std::strtol(columns, nullptr, 10); number > 0 && number < 10000)
      return static_cast<unsigned int>(number);
  return 80;
}
} // namespace nidus::terminal
