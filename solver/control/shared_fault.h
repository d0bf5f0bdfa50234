#pragma once

#include <exception>
#include <new>
#include <stdexcept>
#include <string>

namespace nidus
{
/// A fault of a run that all ranks know of: thrown on each of them with the same text, so that one can tell of it and
/// all can end in order.
class SharedFault : public std::runtime_error
{
public:
  using std::runtime_error::runtime_error;
};

/// What a reader is told of @p fault; never empty.
inline std::string text_of(const std::exception &fault)
{
  if (dynamic_cast<const std::bad_alloc *>(&fault) != nullptr)
    return "out of memory";
  const std::string text = fault.what();
  return text.empty() ? "a fault without a text" : text;
}
} // namespace nidus
