#pragma once

#include <stdexcept>

namespace nidus
{
/// A fault of a run that all ranks know of: thrown on each of them with the same text, so that one can tell of it and
/// all can end in order.
class SharedFault : public std::runtime_error
{
public:
  using std::runtime_error::runtime_error;
};
} // namespace nidus
