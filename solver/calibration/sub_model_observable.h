#pragma once

#include "calibration/observable_entry.h"
#include "calibration/prior.h"
#include "sub_models/sub_model.h"

#include <vector>

namespace nidus
{
/// An output of a sub-model with its arguments: numbers, or parameters that are to be found.
class SubModelObservable
{
public:
  /// Throws InputError for a sub-model, an output or an argument that there is not, one that is missing, and a number
  /// outside of its range, also where the @p prior reaches such numbers.
  SubModelObservable(const ObservableEntry &entry, const Prior &prior);

  /// @p parameters in the order of the prior. Throws InputError, with the argument, for numbers outside of their range.
  double operator()(const std::vector<double> &parameters, double x) const;

  const Output &output() const { return *chosen; }

private:
  void check_range(std::size_t argument, double value) const;

  std::string where; ///< the entry of the arguments
  const SubModel *model;
  const Output *chosen;
  std::vector<double> numbers;   ///< [argument]
  std::vector<int> of_parameter; ///< [argument]; -1: it is a number
};
} // namespace nidus
