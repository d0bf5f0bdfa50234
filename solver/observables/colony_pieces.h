#pragma once

#include "agents/agent_migration.h"
#include "agents/agent_population.h"

#include <array>
#include <cstdint>
#include <vector>

namespace nidus
{
/// The part of a colony that is on one rank.
struct ColonyPiece
{
  std::uint64_t smallest_key;
  std::uint64_t agents;
  std::array<double, 3> centre; ///< um
  double square_sum;            ///< of distances to the centre, um^2
};

/// How many agents of a piece are of one kind, or have been in one colony.
struct PieceCount
{
  std::uint32_t piece; ///< on its rank
  std::uint32_t none;  ///< zero
  std::uint64_t what, number;
};

/// Two pieces of one colony, by their numbers among the pieces of all ranks, one after the other.
struct PieceJoin
{
  std::uint64_t one, other;
};

/// The pieces of one rank. Two pieces are joined where an agent of one is close to an agent of the other.
struct ColonyPieces
{
  static constexpr std::uint32_t no_piece = 0xFFFFFFFFu;

  std::vector<std::uint32_t> piece_of; ///< of each agent of this rank
  std::vector<ColonyPiece> pieces;
  std::vector<PieceCount> kinds, former;
  std::vector<PieceJoin> joins; ///< of pieces of this rank with others
};

/// @p kind: [type][state] -> kind, -1: no member. Collective.
template <int dim>
ColonyPieces colony_pieces(const AgentMigration<dim> &migration, MPI_Comm comm,
                           const std::vector<std::vector<int>> &kind, double distance,
                           const AgentPopulation<dim> &population);
} // namespace nidus
