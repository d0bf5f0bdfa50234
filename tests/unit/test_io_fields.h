#pragma once

#include "fields/field_set.h"

#include <deal.II/dofs/dof_tools.h>

#include <map>
#include <string>
#include <vector>

/// A small organ with fields to write.
namespace nidus::test
{
inline OrganParameters block_with_airway(const unsigned int wall_refinements = 0)
{
  OrganParameters parameters;
  parameters.wall_refinements = wall_refinements;
  parameters.cell_size = 25.0;
  parameters.block.size = {200.0, 200.0, 200.0};
  parameters.block.lumen_radius = 60.0;
  RegionParameters tissue, airway;
  tissue.name = "parenchyma";
  airway.name = "airway";
  airway.tissue = false;
  parameters.regions = {tissue, airway};
  return parameters;
}

inline FieldsParameters two_fields(const std::vector<std::string> &names)
{
  FieldsParameters parameters;
  for (const std::string &name : names)
  {
    FieldParameters field;
    field.name = name;
    parameters.fields.push_back(field);
  }
  parameters.fields.back().unit = "1";
  return parameters;
}

/// A value that single precision would change.
inline double value_at(const unsigned int field, const double x, const double y)
{
  return (field + 1) * x / 3.0 + 2.0 * y / 7.0;
}

/// Sets all fields to value_at(), which hanging nodes are interpolated to.
template <int dim>
void set_linear(FieldSet<dim> &fields)
{
  std::map<dealii::types::global_dof_index, dealii::Point<dim>> points;
  dealii::DoFTools::map_dofs_to_support_points(fields.organ.mapping(), fields.dof_handler, points);
  for (unsigned int s = 0; s < fields.n_fields(); ++s)
  {
    dealii::LinearAlgebra::distributed::Vector<double> vector(fields.owned, fields.organ.communicator());
    for (const auto node : fields.owned)
      if (!fields.constraints.is_constrained(node))
        vector[node] = value_at(s, points.at(node)[0], points.at(node)[1]);
    fields.insert(s, vector);
  }
  fields.update_ghosts();
}
} // namespace nidus::test
