#pragma once

#include "organ/organ_parameters.h"

#include <deal.II/base/point.h>
#include <deal.II/grid/tria.h>

#include <memory>
#include <string>
#include <vector>

namespace nidus
{
/**
 * Where an organ is: its coarse mesh, and the region of every point.
 *
 * Names of regions are matched with the subsections of `Organ/Regions`; "outside" needs no description.
 */
template <int dim>
class Shape
{
public:
  virtual ~Shape() = default;

  /// The regions that this shape is made of.
  virtual std::vector<std::string> region_names() const = 0;

  /// Makes the coarse mesh (coarse cells that cannot hold tissue are left out); material ids are region indices.
  virtual void make_coarse_mesh(dealii::Triangulation<dim> &mesh) const = 0;

  /// Index of the region that holds @p point; @p coarse_region is the material id that the coarse mesh gave.
  virtual unsigned int region(const dealii::Point<dim> &point, unsigned int coarse_region) const = 0;

  /// How many of the wanted global refinements the coarse mesh already contains.
  virtual unsigned int refinements_done() const { return 0; }

  /// Whether region() is true of any point, not only of points in the given coarse cell.
  virtual bool knows_every_point() const { return true; }
};

/// The shape that the parameters name. Throws InputError for a mesh file that cannot be read.
template <int dim>
std::unique_ptr<Shape<dim>> make_shape(const OrganParameters &parameters);
} // namespace nidus
