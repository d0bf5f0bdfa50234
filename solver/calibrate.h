#pragma once

#include "command_line.h"

#include <mpi.h>

namespace nidus
{
/**
 * `nidus calibrate FILE`: finds parameters of a model from data, with their uncertainty, by the methods that the file
 * names, and writes members.csv, posterior.csv, summary.json, report.html and calibrated.prm.
 *
 * Collective. Throws InputError.
 */
ExitCode calibrate(MPI_Comm communicator, const CommandLine &line);

/// `nidus check FILE` for a calibration file: all that calibrate refuses is refused. Collective. Throws InputError.
ExitCode check_calibration(MPI_Comm communicator, const CommandLine &line);

/**
 * `nidus evaluate FILE`: reads parameter sets, one line of JSON each, from standard input, and answers the observables
 * of the calibration file as JSON lines in the same order, until the input ends.
 *
 * A line is {"parameters": {"NAME": number, ...}} with all parameters, and perhaps "stream" (a whole number; the same
 * stream means the same random numbers), or a list of these, which are run side by side. The answer is {"observables":
 * {"NAME at T min": [replicate, ...]}} or {"failed": true}; a line that cannot be used is answered with {"error":
 * "..."}.
 *
 * Collective. Throws InputError.
 */
ExitCode evaluate(MPI_Comm communicator, const CommandLine &line);
} // namespace nidus
