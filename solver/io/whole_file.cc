#include "io/whole_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace nidus
{
std::string system_fault(const std::string &what, const std::string &path)
{
  return "cannot " + what + " '" + path + "': " + std::strerror(errno);
}

FileDescriptor::FileDescriptor(const std::string &path, const int flags)
    : path(path), descriptor(::open(path.c_str(), flags | O_CLOEXEC, 0666))
{
  if (descriptor < 0)
    throw std::runtime_error(system_fault("open", path));
}

FileDescriptor::~FileDescriptor()
{
  if (descriptor >= 0)
    ::close(descriptor);
}

void FileDescriptor::write(const std::string &content)
{
  std::size_t done = 0;
  while (done < content.size())
  {
    const ssize_t n = ::write(descriptor, content.data() + done, content.size() - done);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      throw std::runtime_error(system_fault("write", path));
    done += static_cast<std::size_t>(n);
  }
}

void FileDescriptor::sync()
{
  // EINVAL: a device or pipe, which has nothing to synchronise.
  if (::fsync(descriptor) != 0 && errno != EINVAL)
    throw std::runtime_error(system_fault("write", path));
}

void FileDescriptor::close()
{
  const int outcome = ::close(descriptor);
  descriptor = -1;
  if (outcome != 0)
    throw std::runtime_error(system_fault("write", path));
}

void write_whole_file(const std::string &path, const std::string &content)
{
  const std::string aside = path + ".aside";
  FileDescriptor file(aside, O_WRONLY | O_CREAT | O_TRUNC);
  try
  {
    file.write(content);
    file.close();
    if (std::rename(aside.c_str(), path.c_str()) != 0)
      throw std::runtime_error(system_fault("rename to", path));
  }
  catch (const std::exception &)
  {
    ::unlink(aside.c_str());
    throw;
  }
}

std::string read_whole_file(const std::string &path)
{
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error(system_fault("open", path));
  std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad())
    throw std::runtime_error(system_fault("read", path));
  return content;
}
} // namespace nidus
