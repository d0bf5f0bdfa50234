#pragma once

#include "control/input_error.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

/// One input of a fuzz target; libFuzzer calls it, or replay.cc. Returns 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size);

/// Called once before. Returns 0.
extern "C" int LLVMFuzzerInitialize(int *argc, char ***argv);

namespace nidus::fuzz
{
/// The input as text.
inline std::string text_of(const std::uint8_t *data, const std::size_t size)
{
  return {reinterpret_cast<const char *>(data), size};
}

/// The first line of the input, and what follows it.
std::pair<std::string, std::string> first_line_and_rest(const std::string &input);

/// What has become of the last input: "taken", or "refused: " with the reason.
extern std::string outcome;

/// Calls @p read. An input may be taken, or refused by an InputError that says something: anything else is thrown on,
/// and ends the target.
template <typename Read>
void taken_or_refused(const Read &read)
{
  try
  {
    read();
    outcome = "taken";
  }
  catch (const InputError &error)
  {
    outcome = std::string("refused: ") + error.what();
    // A message that was cut short by a byte of the input does not end with its cure.
    if (outcome.size() < 30 || outcome.back() != '.')
      throw std::logic_error("an input is refused without a reason");
  }
}

/// A folder for the files of one input; it is removed at the end.
class Folder
{
public:
  Folder();
  ~Folder();
  Folder(const Folder &) = delete;
  Folder &operator=(const Folder &) = delete;

  const std::string &name() const { return path; }

  /// Writes a file of this folder; returns its whole name.
  std::string write(const std::string &file, const std::string &bytes) const;

private:
  std::string path;
};
} // namespace nidus::fuzz
