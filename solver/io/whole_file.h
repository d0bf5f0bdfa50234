#pragma once

#include <string>

namespace nidus
{
/**
 * Writes @p content into the file @p path such that a reader sees the old file or the new one, never a part: the text
 * goes to "PATH.aside", which is renamed after it has been closed without a fault.
 *
 * Not collective. Throws std::runtime_error with path and reason; nothing is left aside then.
 */
void write_whole_file(const std::string &path, const std::string &content);

/// All bytes of a file. Not collective. Throws std::runtime_error with path and reason.
std::string read_whole_file(const std::string &path);

/// The error of the system call that failed last (errno) while it did @p what ("write") with @p path.
std::string system_fault(const std::string &what, const std::string &path);

/// An open file of the system, closed when it goes out of scope.
class FileDescriptor
{
public:
  /// Opens @p path with the flags of open(2). Throws std::runtime_error with path and reason.
  FileDescriptor(const std::string &path, int flags);
  ~FileDescriptor();
  FileDescriptor(const FileDescriptor &) = delete;
  FileDescriptor &operator=(const FileDescriptor &) = delete;

  int number() const { return descriptor; }

  /// Writes all of @p content. Throws std::runtime_error.
  void write(const std::string &content);

  /// Waits until what was written is on the disk. Throws std::runtime_error.
  void sync();

  /// Closes the file; some file systems tell of a full disk only now. Throws std::runtime_error.
  void close();

private:
  std::string path;
  int descriptor;
};
} // namespace nidus
