#include "control/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace nidus::terminal
{
bool attached()
{
  if (const char *wish = std::getenv("NIDUS_TERMINAL"); wish != nullptr && *wish != '\0')
    return std::string(wish) == "1";
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
