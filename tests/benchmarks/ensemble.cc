// How well groups of ranks are used by runs of unequal length: `mpirun -n 2 benchmark_ensemble [--members 48]`. Members
// compute for a time between SHORTEST and LONGEST that their seed draws; what is told is the part of the wall time in
// which groups were running, and that of a division beforehand without any overhead, for comparison.

#include "calibration/ensemble.h"

#include <CLI/CLI.hpp>
#include <deal.II/base/mpi.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numeric>

namespace
{
using namespace nidus;
namespace on_ranks = dealii::Utilities::MPI;

struct Lengths
{
  double shortest = 0.1, longest = 0.6; // s
  double of(const ModelRun &run) const
  {
    return shortest + (longest - shortest) * static_cast<double>(run.seed % 1000) / 999.0;
  }
};

/// Computes for as long, as a run does: one that slept would not compete for a core.
std::vector<double> compute_for(const double seconds)
{
  const auto start = std::chrono::steady_clock::now();
  double value = 1.0;
  while (std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() < seconds)
    for (int i = 0; i < 1000; ++i)
      value = std::sin(value) + 1.0;
  return {value};
}
} // namespace

int main(int argc, char **argv)
{
  CLI::App app("Parallel efficiency of an ensemble of runs of unequal length.");
  unsigned int members = 48;
  Lengths lengths;
  app.add_option("--members", members, "number of runs");
  app.add_option("--shortest", lengths.shortest, "s");
  app.add_option("--longest", lengths.longest, "s");
  CLI11_PARSE(app, argc, argv);
  int petsc_argc = 1;
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(petsc_argc, argv, 1);
  const MPI_Comm comm = MPI_COMM_WORLD;
  const bool speaks = on_ranks::this_mpi_process(comm) == 0;
  const std::string scratch = (std::filesystem::temp_directory_path() / "nidus-benchmark-ensemble").string();
  {
    const OutputFolder folder(comm, scratch, OutputFolder::Mode::fresh);
    EnsembleSettings settings;
    settings.quiet = true;
    std::vector<double> in_order(members, 0.0);
    Ensemble ensemble(folder, settings, [&](MPI_Comm, const ModelRun &run) -> std::optional<std::vector<double>> {
      in_order[static_cast<std::size_t>(run.parameters[0])] = lengths.of(run);
      return compute_for(lengths.of(run));
    });
    std::vector<Request> requests;
    for (unsigned int i = 0; i < members; ++i)
      requests.push_back({{static_cast<double>(i)}, i});
    ensemble.ask("benchmark", requests);
    std::vector<double> length(members);
    on_ranks::max(in_order, comm, length);
    // Equal numbers of runs for each group, one after the other.
    const unsigned int groups = ensemble.n_groups();
    std::vector<double> sums(groups, 0.0);
    for (unsigned int i = 0; i < members; ++i)
      sums[i * groups / members] += length[i];
    const double total = std::accumulate(length.begin(), length.end(), 0.0);
    const auto &cost = ensemble.cost();
    const double efficiency = total / groups / cost.batch_seconds,
                 beforehand = total / groups / *std::max_element(sums.begin(), sums.end());
    if (speaks)
    {
      std::fprintf(stderr,
                   "%u runs of %.2f to %.2f s on %u groups: %.2f s of runs in %.2f s, efficiency %.1f %% (divided "
                   "beforehand, at best: %.1f %%)\n",
                   members, *std::min_element(length.begin(), length.end()),
                   *std::max_element(length.begin(), length.end()), groups, total, cost.batch_seconds,
                   100.0 * efficiency, 100.0 * beforehand);
      std::printf("{\"runs\": %u, \"groups\": %u, \"efficiency\": %.4f, \"divided beforehand\": %.4f}\n", members,
                  groups, efficiency, beforehand);
    }
  }
  if (speaks)
    std::filesystem::remove_all(scratch);
  return 0;
}
