#include "io/checkpoint.h"

#include "agents/packed_agent.h"
#include "control/input_error.h"
#include "control/shared_fault.h"
#include "io/outcome.h"
#include "io/provenance.h"

#include <deal.II/dofs/dof_tools.h>

#include <algorithm>
#include <cmath>
#include <cstring>
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

/// Why @p agent cannot be one of this run; empty: it can. A file with right checksums may still say anything.
template <int dim>
std::string agent_fault(const AgentRecord<dim> &agent, const AgentParameters &parameters)
{
  const auto refused = [](const std::string &what, const std::int32_t number, const std::size_t known) {
    return "has " + what + " " + std::to_string(number) + ", of " + std::to_string(known) + " counted from 0";
  };
  if (agent.type < 0 || static_cast<std::size_t>(agent.type) >= parameters.types.size())
    return refused("type", agent.type, parameters.types.size());
  const auto &type = parameters.types[static_cast<std::size_t>(agent.type)];
  if (agent.state < 0 || static_cast<std::size_t>(agent.state) >= type.states.size())
    return refused("state", agent.state, type.states.size()) + " of type '" + type.name + "'";
  std::vector<double> numbers = agent.receptors;
  numbers.insert(numbers.end(), {agent.state_since, agent.born});
  for (unsigned int d = 0; d < dim; ++d)
    numbers.insert(numbers.end(), {agent.position[d], agent.velocity[d]});
  const bool finite =
      std::all_of(numbers.begin(), numbers.end(), [](const double number) { return std::isfinite(number); });
  return finite ? "" : "has a time, place, velocity or receptor number that is not finite";
}

[[noreturn]] void refuse_agent(const std::string &file, const std::size_t number, const std::string &fault)
{
  throw std::runtime_error("'" + file + "': agent " + std::to_string(number) + " " + fault);
}

/// Throws std::runtime_error, naming @p file, when the bytes are no agents of this run.
template <int dim>
void take_agents(const std::string &bytes, const std::string &file, const AgentParameters &parameters,
                 AgentPopulation<dim> &agents)
{
  const std::size_t of_receptors = agents.receptor_doubles() * sizeof(double);
  const std::size_t width = sizeof(PackedAgent<dim>) + of_receptors;
  if (bytes.size() % width != 0)
    throw std::runtime_error("'" + file + "' has " + std::to_string(bytes.size()) + " bytes, no multiple of the " +
                             std::to_string(width) + " of an agent");
  for (std::size_t start = 0; start < bytes.size(); start += width)
  {
    PackedAgent<dim> agent;
    std::memcpy(&agent, bytes.data() + start, sizeof(agent));
    auto record = unpacked(agent);
    record.receptors.resize(agents.receptor_doubles());
    if (of_receptors > 0)
      std::memcpy(record.receptors.data(), bytes.data() + start + sizeof(agent), of_receptors);
    if (const std::string fault = agent_fault(record, parameters); !fault.empty())
      refuse_agent(file, start / width, fault);
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

constexpr const char *field_file = "fields.bin";
constexpr const char *agent_file = "agents.bin";
constexpr const char *mesh_file = "mesh.txt"; ///< of a mesh that has been adapted
constexpr const char *state_file = "state.json";
constexpr const char *parameter_file = "parameters.json";

template <int dim>
std::string agent_bytes(const AgentPopulation<dim> &agents)
{
  std::string bytes;
  for (std::size_t i = 0; i < agents.size(); ++i)
  {
    append_bytes(bytes, packed(agents.record(i)));
    for (unsigned int k = 0; k < agents.receptor_doubles(); ++k)
      append_bytes(bytes, agents.receptors_of(i)[k]);
  }
  return bytes;
}
} // namespace

template <int dim>
std::uint64_t Checkpoint<dim>::write(const std::uint64_t step, const CheckpointState &state, const unsigned int kept,
                                     const FieldSet<dim> &fields, const AgentPopulation<dim> &agents) const
{
  const MPI_Comm comm = folder.communicator();
  CheckpointParts parts;
  parts[agent_file] = gathered(comm, agent_bytes(agents));
  parts[field_file] = gathered(comm, field_bytes(fields));
  if (fields.organ.adapted())
    parts[mesh_file] = gathered(comm, fields.organ.leaves());
  std::uint64_t bytes = 0;
  on_root(comm, [&]() {
    const nlohmann::json contents = {{"fields", fields.parameters.names()},
                                     {"receptor numbers per agent", agents.receptor_doubles()},
                                     {"bytes per agent", sizeof(PackedAgent<dim>)},
                                     {"state", state.state}};
    parts[state_file] = contents.dump(1);
    parts[parameter_file] = state.parameters;
    bytes = store.write(step, state.run, parts, kept);
  });
  return dealii::Utilities::MPI::broadcast(comm, bytes);
}

CheckpointFiles read_checkpoint(const OutputFolder &folder)
{
  // Rank 0 reads; all ranks see the same bytes or the same fault.
  const MPI_Comm comm = folder.communicator();
  FoundCheckpoint found;
  try
  {
    on_root(comm, [&]() {
      found = CheckpointStore(folder.path("checkpoint")).newest(run_in(folder.path("provenance.json")));
      for (const char *name : {field_file, agent_file, state_file, parameter_file})
        if (found.parts.count(name) == 0)
          throw std::runtime_error("'" + folder.path("checkpoint/") + found.name + "' has no " + name);
      if (!nlohmann::json::accept(found.parts[state_file]))
        throw std::runtime_error("'" + folder.path("checkpoint/") + found.name + "/" + state_file + "' is no JSON");
    });
  }
  catch (const SharedFault &fault)
  {
    throw InputError(fault.what(), "name the output folder of a run that was stopped, or start without --resume");
  }
  const auto shared = [&](const std::string &bytes) { return dealii::Utilities::MPI::broadcast(comm, bytes); };
  CheckpointFiles files;
  files.name = shared(found.name);
  files.step = dealii::Utilities::MPI::broadcast(comm, found.step);
  files.run = shared(found.run);
  files.skipped = dealii::Utilities::MPI::broadcast(comm, found.skipped);
  files.contents = nlohmann::json::parse(shared(found.parts[state_file]));
  files.parameters = shared(found.parts[parameter_file]);
  files.nodes = shared(found.parts[field_file]);
  files.leaves = shared(found.parts[mesh_file]);
  files.agents = std::move(found.parts[agent_file]);
  return files;
}

template <int dim>
nlohmann::json Checkpoint<dim>::restore(const CheckpointFiles &files, const AgentParameters &parameters,
                                        FieldSet<dim> &fields, AgentPopulation<dim> &agents) const
{
  const MPI_Comm comm = folder.communicator();
  if (files.contents.at("fields").get<std::vector<std::string>>() != fields.parameters.names())
    throw InputError("the checkpoint holds other fields than the parameter file", "resume with the same fields");
  if (files.contents.at("receptor numbers per agent").get<unsigned int>() != agents.receptor_doubles())
    throw InputError("the agents of the checkpoint have other receptors of full kinetics than the parameter file",
                     "resume with the same receptors");
  if (files.contents.value("bytes per agent", std::size_t(0)) != sizeof(PackedAgent<dim>))
    throw InputError("the checkpoint was written by another version of the program, whose agents hold other numbers",
                     "resume with the program that wrote it");
  const std::uint64_t found = dealii::Utilities::MPI::sum(take_fields(files.nodes, fields), comm);
  if (found != fields.n_nodes() || files.nodes.size() != found * (dim + fields.n_fields()) * sizeof(double))
    throw InputError("the checkpoint belongs to another mesh than the parameter file",
                     "resume with the same organ, cell size and refinements");
  fields.update_ghosts();

  try
  {
    on_root(comm, [&] {
      take_agents(files.agents, folder.path("checkpoint/") + files.name + "/" + agent_file, parameters, agents);
    });
  }
  catch (const SharedFault &fault)
  {
    throw InputError(fault.what(), "remove this checkpoint, and the one before it is taken");
  }
  return files.contents.at("state");
}

template class Checkpoint<2>;
template class Checkpoint<3>;
} // namespace nidus
