#pragma once

#include <mpi.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace nidus
{
/**
 * The ranks in groups of neighbours, for files that are written in few pieces: the first rank of a group writes for all
 * of it. Whatever fails there, no other rank waits for it in a call of MPI-IO.
 */
class RankGroups
{
public:
  /// @p n_groups: no more than there are ranks count; 0: one for each rank.
  RankGroups(MPI_Comm comm, unsigned int n_groups);

  /// A group for each of up to eight ranks, for a quarter of more, 32 at most.
  static unsigned int default_number(MPI_Comm comm);

  MPI_Comm communicator() const { return comm; }
  unsigned int number() const { return n_groups; }
  /// Whether this rank is the first of its group.
  bool leads() const { return rank == first; }

  /// BASE.NENDING for each of @p n pieces N, with leading zeros.
  static std::vector<std::string> names(const std::string &base, const std::string &ending, std::size_t n);
  /// Those of the groups.
  std::vector<std::string> pieces(const std::string &base, const std::string &ending) const;
  /// That of the group of this rank.
  std::string piece(const std::string &base, const std::string &ending) const;

  /// Puts the arrays (std::vector or std::string) of the other ranks of a group behind that of its first rank, in the
  /// order of ranks, and gives the length of each there (elsewhere nothing; the array stays). Collective over the
  /// group.
  template <typename Array>
  std::vector<std::size_t> gather(Array &array) const
  {
    using Number = typename Array::value_type;
    std::vector<std::size_t> lengths;
    if (!leads())
      send(array.data(), array.size() * sizeof(Number));
    else
    {
      lengths.push_back(array.size());
      for (unsigned int from = first + 1; from < end; ++from)
      {
        const std::size_t n_bytes = length_from(from);
        lengths.push_back(n_bytes / sizeof(Number));
        array.resize(array.size() + lengths.back());
        receive(array.data() + array.size() - lengths.back(), n_bytes, from);
      }
    }
    return lengths;
  }

private:
  void send(const void *data, std::size_t n_bytes) const;
  std::size_t length_from(unsigned int from) const;
  void receive(void *data, std::size_t n_bytes, unsigned int from) const;

  MPI_Comm comm;
  unsigned int rank, n_groups;
  unsigned int group = 0;  ///< of this rank
  unsigned int first, end; ///< ranks of the group
};
} // namespace nidus
