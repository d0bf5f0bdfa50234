#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// An entry, or an element of a list, that a resumed run has otherwise than the run that wrote its checkpoint.
struct ParameterChange
{
  enum class Reach
  {
    harmless,  ///< says how long, how exactly, or what is written
    forward,   ///< changes what happens from now on; the state fits
    impossible ///< the state was made with it
  };

  Reach reach;
  std::string text; ///< "Run/End time: 360 in the checkpoint, now 720"
};

/**
 * Compares two parameters.json, entry by entry; an entry that only one of them knows is compared with its default.
 * Files that entries name are not looked into.
 */
std::vector<ParameterChange> parameter_changes(const std::string &of_checkpoint, const std::string &now);

/// Texts of all changes since checkpoint @p name, when all of them can be accepted: what acts forward only if
/// @p may_change. Throws InputError that lists those that cannot.
std::vector<std::string> accepted_changes(const std::string &name, const std::string &of_checkpoint,
                                          const std::string &now, bool may_change);
} // namespace nidus
