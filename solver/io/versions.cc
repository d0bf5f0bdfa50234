#include "io/versions.h"

#include "control/version.h"
#include "fields/lane_kernels.h"

#include <deal.II/base/config.h>

#include <CLI/Version.hpp>

#include <muParser.h>
#include <petscsys.h>
#include <vtkVersion.h>

#include <array>

namespace nidus
{
using Json = nlohmann::ordered_json;

namespace
{
/// Known where the program was built in a clone.
std::string revision()
{
  return *version::revision != '\0' ? version::revision : "unknown revision";
}

std::string petsc_version()
{
  PetscInt major = 0, minor = 0, patch = 0, release = 0;
  PetscGetVersionNumber(&major, &minor, &patch, &release);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch) +
         (release != 0 ? "" : " (development)");
}

std::string p4est_version()
{
  return std::to_string(DEAL_II_P4EST_VERSION_MAJOR) + "." + std::to_string(DEAL_II_P4EST_VERSION_MINOR) + "." +
         std::to_string(DEAL_II_P4EST_VERSION_SUBMINOR);
}

/// The first part of what the library says of itself: "Open MPI v4.1.4".
std::string mpi_version()
{
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  MPI_Get_library_version(text.data(), &length);
  const std::string all(text.data(), static_cast<std::size_t>(length));
  return all.substr(0, all.find_first_of(",\n"));
}

/// "2.3.3" of "2.3.3 (Release)".
std::string muparser_version()
{
  const std::string all = mu::Parser().GetVersion(mu::pviBRIEF);
  return all.substr(0, all.find(' '));
}

std::string json_version()
{
  return std::to_string(NLOHMANN_JSON_VERSION_MAJOR) + "." + std::to_string(NLOHMANN_JSON_VERSION_MINOR) + "." +
         std::to_string(NLOHMANN_JSON_VERSION_PATCH);
}

std::string compiler()
{
#if defined(__clang__)
  return "Clang " __clang_version__;
#elif defined(__GNUC__)
  return "GCC " __VERSION__;
#else
  return "unknown";
#endif
}
} // namespace

Json versions()
{
  Json all;
  all["program"] = {{"name", "nidus"},
                    {"version", version::number},
                    {"revision", revision()},
                    {"branch", version::branch},
                    {"build_type", version::build_type}};
  all["compiler"] = compiler();
  all["instruction_set"] = instruction_set();
  all["libraries"] = {{"deal.II", DEAL_II_PACKAGE_VERSION},
                      {"PETSc", petsc_version()},
                      {"p4est", p4est_version()},
                      {"VTK", vtkVersion::GetVTKVersion()},
                      {"MPI", mpi_version()},
                      // Its headers tell no version; the numbers of this generator are the same in all.
                      {"Random123", "Philox 4x32-10"},
                      {"muparser", muparser_version()},
                      {"nlohmann-json", json_version()},
                      {"CLI11", CLI11_VERSION}};
  return all;
}

std::string versions_text()
{
  const Json all = versions();
  const auto text_of = [](const Json &value) { return value.get<std::string>(); };
  const Json &program = all["program"];
  std::string text = "nidus " + text_of(program["version"]) + " (" + text_of(program["revision"]) + ")\n" + "build " +
                     text_of(program["build_type"]) + "\n" + "compiler " + text_of(all["compiler"]) + "\n" +
                     "instruction set " + text_of(all["instruction_set"]);
  for (const auto &library : all["libraries"].items())
    text += "\n" + library.key() + " " + text_of(library.value());
  return text;
}
} // namespace nidus
