#include "io/provenance.h"

#include "io/number_text.h"
#include "io/versions.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <unistd.h>

#include <array>
#include <cmath>
#include <ctime>
#include <stdexcept>

namespace nidus
{
using Json = nlohmann::ordered_json;

namespace
{
/// "2026-01-31T12:00:00Z"
std::string now_utc()
{
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// The parts of an earlier run in the folder, oldest first; empty if there is none or it cannot be read.
Json earlier_parts(const std::string &path)
{
  Json parts = Json::array();
  try
  {
    Json found = Json::parse(read_whole_file(path));
    if (found.contains("earlier_parts"))
    {
      parts = found["earlier_parts"];
      found.erase("earlier_parts");
    }
    parts.push_back(found);
  }
  catch (const std::exception &)
  {
    // An older file that is missing or broken must not keep a run from going on.
  }
  return parts;
}

Json describe(const RunIdentity &identity, const unsigned int n_ranks)
{
  Json content;
  content["title"] = identity.title;
  content["run"] = identity.run;
  content.update(versions());
  content["ranks"] = n_ranks;
  content["dimension"] = identity.dimension;
  content["seed"] = identity.seed;
  content["parameter_file"] = identity.parameter_file;
  content["parameters_hash"] = content_hash(identity.resolved_parameters);
  content["interventions"] = identity.interventions;
  content["command_line"] = identity.command_line;
  content["start_time"] = now_utc();
  content["end_state"] = "running";
  return content;
}
} // namespace

std::string new_run()
{
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return content_hash(std::string(host.data()) + " " + std::to_string(getpid()) + " " +
                      std::to_string(std::chrono::system_clock::now().time_since_epoch().count()));
}

std::string run_in(const std::string &path)
{
  try
  {
    return Json::parse(read_whole_file(path)).value("run", "");
  }
  catch (const std::exception &)
  {
    // Without it the checkpoints are taken for what they say they are.
    return "";
  }
}

std::string content_hash(const std::string &content)
{
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char byte : content)
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
  return key_text(hash);
}

RunProvenance::RunProvenance(const OutputFolder &folder, const RunIdentity &identity)
    : folder(folder), start(std::chrono::steady_clock::now()), name(identity.run)
{
  MPI_Comm comm = folder.communicator();
  if (dealii::Utilities::MPI::this_mpi_process(comm) == 0)
  {
    content = describe(identity, dealii::Utilities::MPI::n_mpi_processes(comm));
    if (folder.mode() == OutputFolder::Mode::resume)
      content["earlier_parts"] = earlier_parts(folder.path("provenance.json"));
  }
  write();
}

void RunProvenance::note_changes(const std::vector<std::string> &changes)
{
  content["changed_parameters"] = changes;
  write();
}

void RunProvenance::finish(const std::string &end_state)
{
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  content["end_time"] = now_utc();
  content["wall_time_seconds"] = std::round(seconds.count() * 1000.0) / 1000.0;
  content["end_state"] = end_state;
  write();
}

void RunProvenance::write() const
{
  // A name that is not UTF-8 is written with replacement characters rather than not at all.
  folder.write("provenance.json", content.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}
} // namespace nidus
