#pragma once

#include <deal.II/base/mpi.h>

#include <cstring>
#include <map>
#include <type_traits>
#include <vector>

namespace nidus
{
/// Sends plain records to ranks; what arrives is in the order of the senders. Collective.
template <typename Item>
std::vector<Item> exchange_items(MPI_Comm communicator, const std::map<unsigned int, std::vector<Item>> &outgoing)
{
  static_assert(std::is_trivially_copyable<Item>::value, "records travel as bytes");
  std::map<unsigned int, std::vector<char>> bytes;
  for (const auto &[rank, items] : outgoing)
  {
    auto &message = bytes[rank];
    message.resize(items.size() * sizeof(Item));
    std::memcpy(message.data(), items.data(), message.size());
  }
  std::vector<Item> incoming;
  for (const auto &[rank, message] : dealii::Utilities::MPI::some_to_some(communicator, bytes))
  {
    const std::size_t old = incoming.size();
    incoming.resize(old + message.size() / sizeof(Item));
    std::memcpy(static_cast<void *>(incoming.data() + old), message.data(), message.size());
  }
  return incoming;
}
} // namespace nidus
