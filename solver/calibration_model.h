#pragma once

#include "calibration/journal.h"
#include "calibration/problem.h"
#include "calibration/table_observable.h"
#include "organ/organ.h"
#include "parameters.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nidus
{
/**
 * The program as the model of a calibration. Observables are what a run of the base file with the free parameters set
 * tells at the times of the data, by columns of its statistics or rows of its tables, and what sub-models tell without
 * a run. Nothing is written.
 *
 * While no free parameter changes the organ, and no vessels and no adaptivity do, the runs of a group share its mesh.
 */
class CalibrationModel
{
public:
  /// Reads the base file @p base, if there is one, and builds the model once to see that there is what is asked for.
  /// Collective. Throws InputError for a path that does not exist, a prior that reaches what its entry refuses, a table
  /// or column that is never written, and times of data at which there is no output.
  CalibrationModel(MPI_Comm communicator, const CalibrationProblem &problem, const std::string &base);

  /// See RunModel.
  std::optional<std::vector<double>> operator()(MPI_Comm group, const ModelRun &run);

  /// A hash of the base file and of what is looked at.
  std::uint64_t fingerprint() const { return hash; }

  /// All values of the base file with these parameters, as a parameter file. Collective.
  std::string as_prm(MPI_Comm communicator, const std::vector<double> &parameters) const;

  bool shares_mesh() const { return shared; }

private:
  void check_paths(MPI_Comm communicator) const;
  std::string asked_of(const Parameters &untouched) const;
  void check_base(MPI_Comm communicator);
  template <int dim>
  void find_places(MPI_Comm communicator, const Parameters &parameters);
  std::size_t row_of(const Measurement &measurement, double end_time, double interval) const;
  /// Fills in what the run tells; false when it was asked to stop.
  template <int dim>
  bool observe(MPI_Comm group, const Parameters &parameters, std::shared_ptr<Organ<dim>> &organ,
               std::vector<double> &values) const;

  const CalibrationProblem &problem;
  std::string base;
  bool shared = false;
  std::uint64_t hash = 0;
  /// Where a run tells a measurement.
  struct Place
  {
    std::size_t measurement, row;
    std::size_t column;                   ///< of the statistics
    std::optional<TableObservable> table; ///< in place of a column
  };
  std::vector<Place> places;
  std::shared_ptr<Organ<2>> organ_2d;
  std::shared_ptr<Organ<3>> organ_3d;
};
} // namespace nidus
