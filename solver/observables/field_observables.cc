#include "observables/field_observables.h"

namespace nidus
{
std::vector<ObservedColumn> columns_of(const std::vector<PositiveFractionParameters> &list)
{
  std::vector<ObservedColumn> columns;
  columns.reserve(list.size());
  for (const auto &positive : list)
    columns.push_back({"positive fraction " + positive.name, "1"});
  return columns;
}

std::vector<ObservedColumn> columns_of(const std::vector<BloodGradientParameters> &list)
{
  std::vector<ObservedColumn> columns;
  for (const auto &gradient : list)
  {
    columns.push_back({"tissue minus blood " + gradient.name, "nM"});
    columns.push_back({"sign of tissue minus blood " + gradient.name, "1"});
  }
  return columns;
}

template <int dim>
std::vector<double> positive_fractions(const std::vector<PositiveFractionParameters> &list, const FieldSet<dim> &fields)
{
  if (list.empty())
    return {};
  std::vector<double> result(list.size() + 1, 0.0); // the last is the volume
  const unsigned int n = fields.n_fields();
  const double *values = nullptr;
  VecGetArrayRead(fields.state, &values);
  for (std::size_t node = 0; node < fields.tissue_volume.size(); ++node)
  {
    result.back() += fields.tissue_volume[node];
    for (std::size_t p = 0; p < list.size(); ++p)
      if (values[node * n + list[p].field_index] > list[p].above)
        result[p] += fields.tissue_volume[node];
  }
  VecRestoreArrayRead(fields.state, &values);
  MPI_Allreduce(MPI_IN_PLACE, result.data(), static_cast<int>(result.size()), MPI_DOUBLE, MPI_SUM,
                fields.organ.communicator());
  for (std::size_t p = 0; p < list.size(); ++p)
    result[p] /= result.back();
  result.pop_back();
  return result;
}

template <int dim>
std::vector<double> blood_gradients(const std::vector<BloodGradientParameters> &list, const FieldSet<dim> &fields,
                                    const std::vector<double> &blood)
{
  std::vector<double> result;
  if (list.empty())
    return result;
  const auto extremes = fields.extremes();
  for (const auto &gradient : list)
  {
    const double difference = extremes[gradient.field_index].mean - blood[gradient.factor_index];
    result.push_back(difference);
    result.push_back(difference > 0.0 ? 1.0 : difference < 0.0 ? -1.0 : 0.0);
  }
  return result;
}

template std::vector<double> positive_fractions<2>(const std::vector<PositiveFractionParameters> &,
                                                   const FieldSet<2> &);
template std::vector<double> positive_fractions<3>(const std::vector<PositiveFractionParameters> &,
                                                   const FieldSet<3> &);
template std::vector<double> blood_gradients<2>(const std::vector<BloodGradientParameters> &, const FieldSet<2> &,
                                                const std::vector<double> &);
template std::vector<double> blood_gradients<3>(const std::vector<BloodGradientParameters> &, const FieldSet<3> &,
                                                const std::vector<double> &);
} // namespace nidus
