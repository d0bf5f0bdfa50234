#pragma once

#include "control/parameter_file.h"

#include <deal.II/base/bounding_box.h>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace nidus
{
/// Where the mesh is to be finer from the start.
struct RefinementRule
{
  std::string name;
  std::string where = "surface";  ///< surface | region | box | vessels
  std::vector<std::string> names; ///< of surfaces or regions; empty: all
  std::vector<double> box;        ///< um: the lower corner, then the upper one
  double distance = 0.0;          ///< um
  double cell_size = 0.0;         ///< um, longest edge

  std::string entry(const std::string &of) const { return "Organ/Refinement/" + name + "/" + of; }
};

/// The rules of 'Organ/Refinement', in the order of their names.
void declare_refinement_rules(const ParameterFile &file, dealii::ParameterHandler &handler,
                              std::vector<RefinementRule> &rules);

/// Checks what one entry alone cannot tell. @p regions of the file.
void resolve_refinement_rules(const std::vector<RefinementRule> &rules, unsigned int dimension,
                              const std::vector<std::string> &regions);

/// Distance between a box and a point or another box, um; zero where they touch.
template <int dim>
double distance_between(const dealii::BoundingBox<dim> &box, const dealii::Point<dim> &lower,
                        const dealii::Point<dim> &upper);

/// Answers whether a box comes close to one of many points: bins of the size of the distance.
template <int dim>
class NearPoints
{
public:
  /// @p distance in um, above zero.
  NearPoints(std::vector<dealii::Point<dim>> points, double distance);

  bool reach(const dealii::BoundingBox<dim> &box) const;

private:
  std::uint64_t bin(const std::array<std::int64_t, dim> &place) const;

  std::vector<dealii::Point<dim>> points;
  double distance;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> bins;
};
} // namespace nidus
