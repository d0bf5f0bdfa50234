#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace nidus
{
/**
 * The input is wrong: the program ends with exit code 2 after one message.
 *
 * The message names the entry (its path in the file, "Section/Entry"), the value that was found, what is allowed,
 * and the cure. The file is added by the caller that knows it.
 */
class InputError : public std::runtime_error
{
public:
  InputError(const std::string &entry, const std::string &value, const std::string &allowed, const std::string &cure);

  /// A fault of the file or of the command line as a whole, which no single entry carries.
  InputError(const std::string &what, const std::string &cure);
};

/// The same for a number; printed with as many digits as are needed to recognise it in the file.
InputError input_error(const std::string &entry, double value, const std::string &allowed, const std::string &cure);

/// "a, b, c", for messages that say what exists; "none" for an empty list.
std::string listed(const std::vector<std::string> &names);
} // namespace nidus
