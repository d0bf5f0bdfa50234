// How many cells adaptivity saves in a lobe of lung at the same error of SDF-1 at agents: see --help.
#include "adaptive_lobe.h"
#include "report.h"
#include "timing.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <iostream>

using namespace nidus;
using namespace nidus::benchmark;

int main(int argc, char **argv)
{
  dealii::Utilities::MPI::MPI_InitFinalize mpi(argc, argv, 1);
  CLI::App app("Uniform against adaptive meshes of a lobe of lung, on one rank; one JSON object on standard output.");
  double length = 3000.0, fine = 20.0, outer = 40.0, error = 0.001;
  bool quick = false;
  app.add_option("--length", length, "of the lobe, um");
  app.add_option("--cell-size", fine, "of the uniform mesh and of the finest cells of the other one, um");
  app.add_option("--outer-size", outer, "of the cells of the adaptive mesh at the outer surface, um");
  app.add_option("--error", error, "entry Adaptivity/Error");
  app.add_flag("--quick", quick, "a lobe of 1400 um");
  CLI11_PARSE(app, argc, argv);
  if (quick)
    length = 1400.0;
  const double start = now();
  const auto result = test::compare_lobes(length, fine, outer, error);
  line("cells with tissue: %.0f uniform, %.0f adaptive (%.1f times fewer); error at agents against cells of %g um: "
       "%.2f %%, %.2f %%; %.0f s",
       result.uniform_cells, result.adaptive_cells, result.uniform_cells / result.adaptive_cells, 0.5 * fine,
       100.0 * result.uniform_error, 100.0 * result.adaptive_error, now() - start);
  const nlohmann::ordered_json json = {{"uniform_cells", result.uniform_cells},
                                       {"adaptive_cells", result.adaptive_cells},
                                       {"uniform_error", result.uniform_error},
                                       {"adaptive_error", result.adaptive_error}};
  std::cout << json.dump(2) << std::endl;
}
