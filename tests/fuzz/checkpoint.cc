// Checkpoints: the manifest, and the file of the state behind a line of dashes. A first line "sealed" has the right
// checksums put in, as somebody who means harm would.
#include "io/checkpoint.h"
#include "io/provenance.h"
#include "target.h"

#include <nlohmann/json.hpp>

#include <filesystem>

using namespace nidus;

namespace
{
/// The manifest as the program would have written it, if it is one at all.
std::string sealed(const std::string &text, const std::string &state)
{
  auto manifest = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!manifest.is_object())
    return text;
  if (manifest.contains("files") && manifest["files"].is_object())
    for (const char *name : {"fields.bin", "agents.bin", "parameters.json", "state.json"})
    {
      const std::string bytes = std::string(name) == "state.json" ? state : "";
      manifest["files"][name] = {{"bytes", bytes.size()}, {"checksum", content_hash(bytes)}};
    }
  manifest.erase("checksum");
  try
  {
    const std::string checksum = content_hash(manifest.dump());
    manifest["checksum"] = checksum;
    return manifest.dump(1) + "\n";
  }
  catch (const nlohmann::json::exception &)
  {
    return text; // no UTF-8
  }
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  const auto [kind, rest] = fuzz::first_line_and_rest(fuzz::text_of(data, size));
  const auto border = rest.find("\n----\n");
  const std::string state = border == std::string::npos ? "" : rest.substr(border + 6);
  const std::string manifest = rest.substr(0, border);
  const fuzz::Folder folder;
  std::filesystem::create_directories(folder.name() + "/checkpoint/step_00000003");
  for (const char *name : {"fields.bin", "agents.bin", "parameters.json"})
    folder.write(std::string("checkpoint/step_00000003/") + name, "");
  folder.write("checkpoint/step_00000003/state.json", state);
  folder.write("checkpoint/step_00000003/manifest.json", kind == "sealed" ? sealed(manifest, state) : manifest);
  folder.write("provenance.json", "{}");
  fuzz::taken_or_refused([&] {
    const OutputFolder output(MPI_COMM_SELF, folder.name(), OutputFolder::Mode::resume);
    read_checkpoint(output);
  });
  return 0;
}
