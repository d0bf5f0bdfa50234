#pragma once

#include "agents/agent_parameters.h"
#include "control/time_stepper.h"
#include "fields/field_parameters.h"
#include "observables/observable_parameters.h"
#include "organ/organ_parameters.h"
#include "organ/vessel_parameters.h"
#include "systemic/blood_parameters.h"
#include "systemic/interventions.h"

#include <mpi.h>

#include <cstdint>
#include <string>
#include <vector>

namespace nidus
{
struct RunParameters
{
  std::string title = "untitled";
  unsigned int dimension = 3;
  unsigned int seed = 1;
  double end_time = 1440.0; ///< min
  double macro_step = 30.0; ///< min
  unsigned int motion_substeps = 5;
  unsigned int field_substeps = 1;
  std::string memory_check = "refuse"; ///< refuse | warn
};

struct OutputParameters
{
  double interval = 1440.0;              ///< min
  double checkpoint_interval = 0.0;      ///< min; 0: only when stopped
  double checkpoint_wall_interval = 0.0; ///< s of wall time; 0: none by the clock
  unsigned int checkpoints_kept = 2;
  unsigned int piece_files = 0; ///< 0: chosen by the number of ranks
  std::string format = "vtu";   ///< vtu | xdmf
};

/// When the mesh is shared out among the ranks anew.
struct BalanceParameters
{
  std::string mode = "never";     ///< never | measured | always
  double check_interval = 1440.0; ///< min
  double smallest_gain = 0.05;    ///< part of the time of a macro step

  std::uint64_t steps_between_checks = 0; ///< resolved; 0: no check

  bool always() const { return mode == "always"; }
};

/// When and where the mesh is refined and coarsened during a run.
struct AdaptivityParameters
{
  double interval = 0.0;           ///< min; 0: never
  std::vector<std::string> fields; ///< whose error counts
  double error = 0.02;             ///< of the value, over the greatest value of the field
  double coarsening = 0.1;         ///< cells below this part of the error may be merged
  std::vector<std::string> agents; ///< types whose crowding counts
  unsigned int most_agents = 0;    ///< in a cell; 0: agents do not count
  double smallest_size = 10.0;     ///< um, longest edge
  double largest_size = 0.0;       ///< um; 0: no coarser than the first mesh
  std::uint64_t most_cells = 0;    ///< 0: as many as are asked for

  std::uint64_t steps_between = 0;         ///< resolved; 0: never
  std::vector<unsigned int> field_indices; ///< resolved
  std::vector<char> agent_types;           ///< resolved: for each type whether it counts
};

/// Everything a run is told, from one .prm file and the command line.
struct Parameters
{
  RunParameters run;
  OutputParameters output;
  BalanceParameters balance;
  AdaptivityParameters adaptivity;
  OrganParameters organ;
  VesselParameters vessels;
  FieldsParameters fields;
  AgentParameters agents;
  BloodParameters blood;
  Interventions interventions;
  ObservablesParameters observables;

  std::string file_name; ///< as the user gave it
  std::string file_text; ///< byte for byte
  std::string as_prm;    ///< all values, defaults too
  std::string as_json;

  TimeStepper::Settings time_settings() const;
};

/**
 * Reads, assigns and checks. Collective: rank 0 reads the file, all ranks see the same text.
 * Throws InputError on every rank.
 */
void load_parameters(MPI_Comm communicator, const std::string &file_name, const std::vector<std::string> &overrides,
                     Parameters &parameters);

/// Every entry with its default and documentation; lists show one element. @p format: prm | json | markdown.
std::string parameter_reference(const std::string &format);
} // namespace nidus
