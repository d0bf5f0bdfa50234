#pragma once

namespace nidus
{
/// How much is told on standard output; run.log is the same but for the steps of a verbose run.
enum class Verbosity
{
  silent, ///< nothing, and no warnings on standard error: one of many runs
  quiet,  ///< nothing; warnings go to standard error
  normal, ///< what is run, how far it is, warnings
  verbose ///< also the phases of the set-up, every step and what its solver did
};
} // namespace nidus
