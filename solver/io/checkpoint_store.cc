#include "io/checkpoint_store.h"

#include "io/provenance.h"
#include "io/whole_file.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace nidus
{
namespace fs = std::filesystem;

namespace
{
constexpr const char *manifest_name = "manifest.json";
/// Ending of one that a new one of the same step is about to replace; it is as good until it is removed.
constexpr const char *replaced = ".replaced";

std::string name_of(const std::uint64_t step)
{
  char name[32];
  std::snprintf(name, sizeof(name), "step_%08llu", static_cast<unsigned long long>(step));
  return name;
}

void write_to_disk(const std::string &path, const std::string &content)
{
  FileDescriptor file(path, O_WRONLY | O_CREAT | O_TRUNC);
  file.write(content);
  file.sync();
  file.close();
}

/// New names in a folder are on the disk after this.
void sync_folder(const std::string &path)
{
  FileDescriptor(path, O_RDONLY | O_DIRECTORY).sync();
}

/// The text of a manifest: its last entry is the checksum of all before.
std::string manifest_text(nlohmann::ordered_json manifest)
{
  manifest.erase("checksum");
  const std::string checksum = content_hash(manifest.dump());
  manifest["checksum"] = checksum;
  return manifest.dump(1) + "\n";
}

nlohmann::ordered_json read_manifest(const std::string &path)
{
  const std::string text = read_whole_file(path);
  auto manifest = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!manifest.is_object() || manifest_text(manifest) != text)
    throw std::runtime_error("'" + path + "' is damaged: it does not have the checksum that was written");
  return manifest;
}

/// A file of a checkpoint, if it is what was written.
std::string read_checked(const std::string &path, const nlohmann::ordered_json &written)
{
  const auto size = written.at("bytes").get<std::uint64_t>();
  std::string bytes = read_whole_file(path);
  if (bytes.size() != size)
    throw std::runtime_error("'" + path + "' is damaged: it has " + std::to_string(bytes.size()) + " bytes of " +
                             std::to_string(size));
  if (content_hash(bytes) != written.at("checksum").get<std::string>())
    throw std::runtime_error("'" + path + "' is damaged: its checksum is not the one that was written");
  return bytes;
}
} // namespace

std::vector<std::string> CheckpointStore::names() const
{
  std::vector<std::string> names;
  std::error_code fault;
  for (fs::directory_iterator entry(folder, fault), end; !fault && entry != end; entry.increment(fault))
    if (entry->path().filename().string().rfind("step_", 0) == 0)
      names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::uint64_t CheckpointStore::write(const std::uint64_t step, const std::string &run, const CheckpointParts &parts,
                                     const unsigned int kept) const
{
  const std::string name = name_of(step), target = folder + "/" + name, aside = folder + "/aside";
  std::uint64_t written = 0;
  try
  {
    fs::remove_all(aside);
    // Not the folder around: if that has vanished, so has the run.
    fs::create_directory(folder);
    fs::create_directory(aside);
    nlohmann::ordered_json manifest;
    manifest["step"] = step;
    manifest["run"] = run;
    for (const auto &[file, bytes] : parts)
    {
      write_to_disk((fs::path(aside) / file).string(), bytes);
      manifest["files"][file] = {{"bytes", bytes.size()}, {"checksum", content_hash(bytes)}};
      written += bytes.size();
    }
    const std::string text = manifest_text(manifest);
    write_to_disk(aside + "/" + manifest_name, text);
    written += text.size();
    sync_folder(aside);
    // At every moment one of the same step is there, if one was.
    if (fs::exists(target))
    {
      fs::remove_all(target + replaced);
      fs::rename(target, target + replaced);
    }
    fs::rename(aside, target);
    sync_folder(folder);
  }
  catch (const std::exception &)
  {
    std::error_code ignored;
    fs::remove_all(aside, ignored);
    throw;
  }
  remove_superseded(name, kept);
  return written;
}

void CheckpointStore::remove_superseded(const std::string &newest, const unsigned int kept) const
{
  // What cannot be removed now is tried again after the next one.
  std::error_code ignored;
  unsigned int older = 0;
  const auto all = names();
  for (auto name = all.rbegin(); name != all.rend(); ++name)
    if (*name > newest || (*name < newest && ++older >= kept))
      fs::remove_all(folder + "/" + *name, ignored);
}

FoundCheckpoint CheckpointStore::read(const std::string &name, const std::string &run) const
{
  const std::string path = folder + "/" + name + "/";
  const auto manifest = read_manifest(path + manifest_name);
  FoundCheckpoint found;
  found.name = name;
  found.step = manifest.at("step").get<std::uint64_t>();
  found.run = manifest.at("run").get<std::string>();
  if (name.rfind(name_of(found.step), 0) != 0)
    throw std::runtime_error("'" + path + manifest_name + "' belongs to another checkpoint, " + name_of(found.step));
  if (!run.empty() && found.run != run)
    throw std::runtime_error("'" + path + manifest_name + "' was written by another run (" + found.run +
                             ") than that of this folder (" + run + ")");
  for (const auto &file : manifest.at("files").items())
  {
    if (fs::path(file.key()).filename() != file.key() || file.key() == "." || file.key() == "..")
      throw std::runtime_error("'" + path + manifest_name + "' names a file elsewhere, '" + file.key() + "'");
    found.parts[file.key()] = read_checked(path + file.key(), file.value());
  }
  return found;
}

FoundCheckpoint CheckpointStore::newest(const std::string &run) const
{
  std::vector<std::string> skipped;
  const auto all = names();
  for (auto name = all.rbegin(); name != all.rend(); ++name)
    try
    {
      FoundCheckpoint found = read(*name, run);
      found.skipped = skipped;
      return found;
    }
    catch (const std::exception &fault)
    {
      skipped.push_back("checkpoint " + *name + " cannot be used: " + fault.what());
    }
  std::string text = "there is no " + std::string(all.empty() ? "" : "whole ") + "checkpoint in '" + folder + "'";
  for (const auto &fault : skipped)
    text += "\n  " + fault;
  throw std::runtime_error(text);
}
} // namespace nidus
