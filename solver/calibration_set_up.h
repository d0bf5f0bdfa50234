#pragma once

#include "calibration/problem.h"
#include "calibration_model.h"

#include <mpi.h>

#include <string>

namespace nidus
{
/// Whether @p file is a calibration file: it has a section 'Calibration'. Collective. Throws InputError.
bool is_calibration_file(MPI_Comm communicator, const std::string &file);

/// A calibration file with its data and its model, read and checked: what calibrate and evaluate begin with.
class CalibrationSetUp
{
public:
  /// Collective. Throws InputError.
  CalibrationSetUp(MPI_Comm communicator, const std::string &file);

  CalibrationProblem problem;
  std::string base; ///< path of the base file; empty: there is none
  CalibrationModel model;

  /// A parameter file of the model with these parameters, for any folder: an include of a base file that comes with the
  /// program and what is different, or else all values; nothing without a base file. Collective.
  std::string with_parameters(const std::vector<double> &parameters) const;

private:
  MPI_Comm comm;
};
} // namespace nidus
