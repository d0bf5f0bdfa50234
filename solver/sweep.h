#pragma once

#include "run_series.h"

#include <string>
#include <vector>

/// One run for each value of an entry, or for each combination of the values of several entries.
namespace nidus
{
struct SweptEntry
{
  std::string entry; ///< "Section/Entry"
  std::vector<std::string> values;
};

/// "Section/Entry=a,b,c"; with ';' between them values may hold commas: "Organ/Block/Size=300, 300, 300; 400, 400,
/// 400". Throws InputError.
SweptEntry parse_sweep(const std::string &option);

/// The assignments "Section/Entry=value" of each combination; the last entry varies fastest. Throws InputError for an
/// entry that is swept twice.
std::vector<std::vector<std::string>> combinations(const std::vector<SweptEntry> &swept);

/// Refuses to resume a series in whose folder sweep.csv has other values. Throws InputError. Collective.
void check_same_sweep(MPI_Comm communicator, const SeriesPlan &plan, const std::vector<SweptEntry> &swept);

/// Writes sweep.csv: for each run its number, the values, how it ended and its folder.
void write_sweep_table(const SeriesPlan &plan, const std::vector<SweptEntry> &swept, const OutputFolder &folder,
                       const std::vector<MemberEnd> &ends);
} // namespace nidus
