#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace nidus
{
/// The program and all that it stands on: "program" (name, version, revision, branch, build type), "compiler",
/// "instruction_set" (of the loops over fields, on this processor) and "libraries", each by its own word where it has
/// one. May be called before MPI is initialised. Throws std::runtime_error for a NIDUS_INSTRUCTION_SET that this
/// processor does not have.
nlohmann::ordered_json versions();

/// The same for a reader, one line for each: "nidus 0.1.0 (revision)" first.
std::string versions_text();
} // namespace nidus
