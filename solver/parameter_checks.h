#pragma once

#include "parameters.h"

#include <cstdint>
#include <string>

namespace nidus
{
/// Turns names into indices, times into steps and places of files into paths beside @p directory, and checks what
/// concerns several sections. Throws InputError.
void resolve_parameters(Parameters &parameters, const std::string &directory);

/// The number of macro steps in a time, which must be whole. Throws InputError, which names @p entry.
std::uint64_t whole_steps(double time, double macro_step, const std::string &entry);
} // namespace nidus
