#include "calibration/journal.h"

#include "control/random.h"
#include "io/number_text.h"
#include "io/outcome.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <sstream>

namespace nidus
{
namespace
{
constexpr const char *folder_name = "journal";
constexpr std::chrono::seconds between_syncs(1);

/// Two parameter sets are the same when all their bits are.
std::uint64_t bits_of(const double number)
{
  std::uint64_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}
} // namespace

std::uint64_t key_of(const ModelRun &run, const std::uint64_t base)
{
  std::uint64_t key = random::mix(base, run.seed);
  key = random::mix(key, run.stream);
  key = random::mix(key, run.replicate);
  for (const double parameter : run.parameters)
    key = random::mix(key, bits_of(parameter));
  return key;
}

std::string journal_line(const std::string &stage, const std::uint64_t key, const ModelRun &run,
                         const RunOutcome &outcome)
{
  nlohmann::ordered_json line;
  line["key"] = key_text(key);
  line["stage"] = stage;
  line["parameters"] = run.parameters;
  line["stream"] = run.stream;
  line["replicate"] = run.replicate;
  line["seed"] = run.seed;
  line["seconds"] = outcome.seconds;
  if (outcome.failed())
    line["failed"] = outcome.reason;
  else
    line["values"] = outcome.values;
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::map<std::uint64_t, RunOutcome> outcomes_in(const std::string &text)
{
  std::map<std::uint64_t, RunOutcome> outcomes;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
  {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    if (json.is_discarded() || !json.is_object() || !json.contains("key") ||
        !(json.contains("values") || json.contains("failed")))
      continue;
    RunOutcome outcome;
    outcome.seconds = json.value("seconds", 0.0);
    outcome.reason = json.value("failed", std::string());
    if (!outcome.failed())
      outcome.values = json.at("values").get<std::vector<double>>();
    outcomes[std::stoull(json.at("key").get<std::string>(), nullptr, 16)] = outcome;
  }
  return outcomes;
}

Journal::Journal(const OutputFolder &folder) : folder(folder)
{
  folder.make_folder(folder_name);
}

std::map<std::uint64_t, RunOutcome> Journal::read() const
{
  std::string text;
  on_root(folder.communicator(), [&] {
    std::vector<std::string> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder.path(folder_name)))
      if (entry.path().extension() == ".jsonl")
        files.push_back(entry.path().string());
    std::sort(files.begin(), files.end());
    for (const auto &file : files)
      text += read_whole_file(file) + "\n";
  });
  return outcomes_in(dealii::Utilities::MPI::broadcast(folder.communicator(), text));
}

void Journal::append(const unsigned int group, const std::string &line)
{
  char name[32];
  std::snprintf(name, sizeof name, "/group_%03u.jsonl", group);
  unsynced = folder.path(folder_name + std::string(name));
  FileDescriptor file(unsynced, O_RDWR | O_CREAT | O_APPEND);
  // After a line that was torn by a kill the next one begins afresh.
  char last = '\n';
  const auto length = ::lseek(file.number(), 0, SEEK_END);
  if (length > 0 && ::pread(file.number(), &last, 1, length - 1) != 1)
    last = ' ';
  file.write((last == '\n' ? "" : "\n") + line);
  file.close();
  if (std::chrono::steady_clock::now() - synced >= between_syncs)
    sync();
}

void Journal::sync()
{
  if (unsynced.empty())
    return;
  FileDescriptor file(unsynced, O_RDWR);
  file.sync();
  file.close();
  unsynced.clear();
  synced = std::chrono::steady_clock::now();
}
} // namespace nidus
