#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/**
 * Counter-based random numbers (Philox 4x32-10; Salmon et al., SC11, doi 10.1145/2063384.2063405).
 *
 * A draw is a function of (seed, key, step, purpose) and of nothing else: no state is stored, and the same agent
 * draws the same number on any number of ranks and in any order.
 */
namespace nidus::random
{
/// What a draw is for. Two purposes never share a stream; the numbers are part of the meaning of a seed.
enum class Purpose : std::uint32_t
{
  seeding = 1,
  seeding_position = 2,
  arrival_count = 3,
  arrival_position = 4,
  arrival_kind = 5,
  transition = 6,
  division_fate = 7,
  division_axis = 8,
  motility = 9,
  heterogeneity = 10,
  initial_velocity = 11,
  vessel_site = 12,
  capillary_mesh = 13,
  vessel_arrival_count = 14,
  vessel_arrival_position = 15,
  cluster = 16,
  first_pass = 17,
  first_pass_place = 18,
  animal = 19,
  section_plane = 32,
  reference_point = 33,
  calibration = 64 ///< draws of methods, which see none of a run
};

struct Stream
{
  std::uint64_t seed;
  std::uint64_t key;
  std::uint64_t step;
  Purpose purpose;
};

/// Four numbers uniform in the open interval (0, 1); @p block selects further ones of the same stream.
std::array<double, 4> uniform(const Stream &stream, std::uint32_t block = 0);

/// The same for the keys @p keys of @p n streams that differ in nothing else (the key of @p stream is not used): number
/// k of stream i becomes numbers[k * n + i]. Several times faster.
void uniform(const Stream &stream, std::uint32_t block, std::size_t n, const std::uint64_t *keys, double *numbers);

/// Four independent standard normal numbers (Box-Muller).
std::array<double, 4> normal(const Stream &stream, std::uint32_t block = 0);

/// A Poisson number of the given mean (0 <= mean < 1e9), by inversion in chunks: exact, and a function of the stream.
std::uint64_t poisson(const Stream &stream, double mean);

/// A well mixed 64-bit hash of two words (two rounds of SplitMix64), for lineage keys.
std::uint64_t mix(std::uint64_t first, std::uint64_t second);
} // namespace nidus::random
