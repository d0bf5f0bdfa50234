#pragma once

#include "run_series.h"

/**
 * The same run with other random numbers, several times: what differs between animals that are alike.
 *
 * Replicate r (from 1) has the seed 'Run/Random seed' + r - 1, so the first is the single run.
 */
namespace nidus
{
/// Writes, from those that are done, statistics_mean.csv, statistics_sd.csv and statistics_q05.csv, ..._q25, _q50,
/// _q75, _q95 with the columns of statistics.csv, and replicates.csv: how each ended.
void write_replicate_summaries(const SeriesPlan &plan, const OutputFolder &folder, const std::vector<MemberEnd> &ends);
} // namespace nidus
