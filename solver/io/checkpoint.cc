#include "io/checkpoint.h"

#include "agents/packed_agent.h"
#include "control/input_error.h"
#include "io/outcome.h"
#include "io/provenance.h"
#include "io/whole_file.h"

#include <deal.II/dofs/dof_tools.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <unordered_map>

namespace nidus
{
namespace
{
template <typename T>
void append_bytes(std::string &bytes, const T &value)
{
  bytes.append(reinterpret_cast<const char *>(&value), sizeof(T));
}

template <int dim>
void take_agents(const std::string &bytes, AgentPopulation<dim> &agents)
{
  const std::size_t of_receptors = agents.receptor_doubles() * sizeof(double);
  const std::size_t width = sizeof(PackedAgent<dim>) + of_receptors;
  for (std::size_t start = 0; start + width <= bytes.size(); start += width)
  {
    PackedAgent<dim> agent;
    std::memcpy(&agent, bytes.data() + start, sizeof(agent));
    auto record = unpacked(agent);
    record.receptors.resize(agents.receptor_doubles());
    std::memcpy(record.receptors.data(), bytes.data() + start + sizeof(agent), of_receptors);
    agents.append(record);
  }
}

/// The pieces of all ranks, one after the other, on rank 0.
std::string gathered(MPI_Comm comm, const std::string &bytes)
{
  std::string all;
  for (const auto &piece : dealii::Utilities::MPI::gather(comm, bytes, 0))
    all += piece;
  return all;
}

/// Places of the owned nodes. They come from the same refinements on any number of ranks, so equal nodes have equal
/// bits.
template <int dim>
std::vector<dealii::Point<dim>> node_places(const FieldSet<dim> &fields)
{
  std::vector<dealii::Point<dim>> places(fields.n_owned_nodes());
  std::vector<dealii::types::global_dof_index> dofs(fields.fe.n_dofs_per_cell());
  for (const auto &cell : fields.dof_handler.active_cell_iterators())
    if (!cell->is_artificial())
    {
      cell->get_dof_indices(dofs);
      for (unsigned int v = 0; v < dofs.size(); ++v)
        if (fields.owned.is_element(dofs[v]))
          places[fields.owned.index_within_set(dofs[v])] = cell->vertex(v);
    }
  return places;
}

template <int dim>
std::string place_bits(const dealii::Point<dim> &place)
{
  std::string bits;
  for (unsigned int d = 0; d < dim; ++d)
    append_bytes(bits, place[d]);
  return bits;
}

/// Places and values of the owned nodes as bytes.
template <int dim>
std::string field_bytes(const FieldSet<dim> &fields)
{
  const auto places = node_places(fields);
  const unsigned int n = fields.n_fields();
  std::string bytes;
  const double *values = nullptr;
  VecGetArrayRead(fields.state, &values);
  for (std::size_t node = 0; node < places.size(); ++node)
  {
    bytes += place_bits(places[node]);
    for (unsigned int s = 0; s < n; ++s)
      append_bytes(bytes, values[node * n + s]);
  }
  VecRestoreArrayRead(fields.state, &values);
  return bytes;
}

/// Puts stored values at the owned nodes; returns how many nodes were found.
template <int dim>
std::uint64_t take_fields(const std::string &bytes, FieldSet<dim> &fields)
{
  const unsigned int n = fields.n_fields();
  const std::size_t width = (dim + n) * sizeof(double);
  const auto places = node_places(fields);
  std::unordered_map<std::string, std::size_t> node_at;
  for (std::size_t node = 0; node < places.size(); ++node)
    node_at.emplace(place_bits(places[node]), node);
  std::uint64_t found = 0;
  double *values = nullptr;
  VecGetArray(fields.state, &values);
  for (std::size_t start = 0; start + width <= bytes.size(); start += width)
  {
    const auto node = node_at.find(bytes.substr(start, dim * sizeof(double)));
    if (node == node_at.end())
      continue;
    ++found;
    std::memcpy(values + node->second * n, bytes.data() + start + dim * sizeof(double), n * sizeof(double));
  }
  VecRestoreArray(fields.state, &values);
  return found;
}

std::vector<std::string> stored_steps(const std::string &folder)
{
  std::vector<std::string> names;
  if (std::filesystem::is_directory(folder))
    for (const auto &entry : std::filesystem::directory_iterator(folder))
      if (entry.path().filename().string().rfind("step_", 0) == 0)
        names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

/// A file of a checkpoint, if it is what was written.
std::string read_checked(const std::string &folder, const std::string &name, const nlohmann::json &manifest)
{
  const std::string path = folder + "/" + name;
  std::string bytes = read_whole_file(path);
  if (content_hash(bytes) != manifest.at("files").at(name).get<std::string>())
    throw std::runtime_error("'" + path + "' is damaged: its checksum is not the one that was written");
  return bytes;
}
} // namespace

template <int dim>
void Checkpoint<dim>::write(const std::uint64_t step, const nlohmann::json &state, const FieldSet<dim> &fields,
                            const AgentPopulation<dim> &agents) const
{
  std::string agent_bytes;
  for (std::size_t i = 0; i < agents.size(); ++i)
  {
    append_bytes(agent_bytes, packed(agents.record(i)));
    for (unsigned int k = 0; k < agents.receptor_doubles(); ++k)
      append_bytes(agent_bytes, agents.receptors_of(i)[k]);
  }
  const MPI_Comm comm = folder.communicator();
  agent_bytes = gathered(comm, agent_bytes);
  const std::string nodes = gathered(comm, field_bytes(fields));
  const std::string leaves = fields.organ.adapted() ? gathered(comm, fields.organ.leaves()) : "";

  on_root(comm, [&]() {
    char name[32];
    std::snprintf(name, sizeof(name), "step_%08llu", static_cast<unsigned long long>(step));
    const std::string all = folder.path("checkpoint"), aside = all + "/aside", target = all + "/" + name;
    std::filesystem::remove_all(aside);
    std::filesystem::create_directories(aside);
    write_whole_file(aside + "/fields.bin", nodes);
    write_whole_file(aside + "/agents.bin", agent_bytes);
    nlohmann::json manifest;
    manifest["fields"] = fields.parameters.names();
    manifest["files"] = {{"fields.bin", content_hash(nodes)}, {"agents.bin", content_hash(agent_bytes)}};
    if (!leaves.empty())
    {
      write_whole_file(aside + "/mesh.txt", leaves);
      manifest["files"]["mesh.txt"] = content_hash(leaves);
    }
    manifest["receptor numbers per agent"] = agents.receptor_doubles();
    manifest["bytes per agent"] = sizeof(PackedAgent<dim>);
    manifest["state"] = state;
    write_whole_file(aside + "/manifest.json", manifest.dump(1));
    const auto older = stored_steps(all);
    std::filesystem::remove_all(target);
    std::filesystem::rename(aside, target);
    for (const auto &old : older)
      if (old != name)
        std::filesystem::remove_all(std::filesystem::path(all) / old);
  });
}

template <int dim>
CheckpointFiles Checkpoint<dim>::read() const
{
  // Rank 0 reads; all ranks see the same bytes or the same fault.
  const MPI_Comm comm = folder.communicator();
  CheckpointFiles files;
  std::string text;
  try
  {
    on_root(comm, [&]() {
      const auto names = stored_steps(folder.path("checkpoint"));
      if (names.empty())
        throw std::runtime_error("there is no checkpoint in '" + folder.path("checkpoint") + "'");
      const std::string newest = folder.path("checkpoint") + "/" + names.back();
      text = read_whole_file(newest + "/manifest.json");
      const auto manifest = nlohmann::json::parse(text);
      files.nodes = read_checked(newest, "fields.bin", manifest);
      files.agents = read_checked(newest, "agents.bin", manifest);
      if (manifest.at("files").contains("mesh.txt"))
        files.leaves = read_checked(newest, "mesh.txt", manifest);
    });
  }
  catch (const std::runtime_error &fault)
  {
    throw InputError(fault.what(), "name the output folder of a run that was stopped, or start without --resume");
  }
  files.manifest = nlohmann::json::parse(dealii::Utilities::MPI::broadcast(comm, text));
  files.nodes = dealii::Utilities::MPI::broadcast(comm, files.nodes);
  files.leaves = dealii::Utilities::MPI::broadcast(comm, files.leaves);
  return files;
}

template <int dim>
nlohmann::json Checkpoint<dim>::restore(const CheckpointFiles &files, FieldSet<dim> &fields,
                                        AgentPopulation<dim> &agents) const
{
  const MPI_Comm comm = folder.communicator();
  if (files.manifest.at("fields").get<std::vector<std::string>>() != fields.parameters.names())
    throw InputError("the checkpoint holds other fields than the parameter file", "resume with the same fields");
  if (files.manifest.at("receptor numbers per agent").get<unsigned int>() != agents.receptor_doubles())
    throw InputError("the agents of the checkpoint have other receptors of full kinetics than the parameter file",
                     "resume with the same receptors");
  if (files.manifest.value("bytes per agent", std::size_t(0)) != sizeof(PackedAgent<dim>))
    throw InputError("the checkpoint was written by another version of the program, whose agents hold other numbers",
                     "resume with the program that wrote it");
  const std::uint64_t found = dealii::Utilities::MPI::sum(take_fields(files.nodes, fields), comm);
  if (found != fields.n_nodes() || files.nodes.size() != found * (dim + fields.n_fields()) * sizeof(double))
    throw InputError("the checkpoint belongs to another mesh than the parameter file",
                     "resume with the same organ, cell size and refinements");
  fields.update_ghosts();

  if (dealii::Utilities::MPI::this_mpi_process(comm) == 0)
    take_agents(files.agents, agents);
  return files.manifest.at("state");
}

template class Checkpoint<2>;
template class Checkpoint<3>;
} // namespace nidus
