#pragma once

#include "organ/organ_parameters.h"

#include <deal.II/base/bounding_box.h>
#include <deal.II/base/point.h>
#include <deal.II/grid/tria.h>

#include <map>
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

  /// The number of coarse cells that make_coarse_mesh() would make; 0: it tells only by making them.
  virtual double n_coarse_cells() const { return 0.0; }

  /// Index of the region that holds @p point; @p coarse_region is the material id that the coarse mesh gave.
  virtual unsigned int region(const dealii::Point<dim> &point, unsigned int coarse_region) const = 0;

  /**
   * Whether one region fills @p box (um). A shape that has only region() is asked at the centre and at the corners;
   * such an answer may overlook what is thinner than the box.
   */
  virtual bool is_uniform(const dealii::BoundingBox<dim> &box) const;

  /// Volume of each region in what the shape was read from, um^dim; empty: no other volume is known.
  virtual std::vector<double> source_volumes() const { return {}; }

  /// What a user should know of the source, one sentence each.
  virtual std::vector<std::string> warnings() const { return {}; }

  /// Names of the ends of the mesh by boundary id of the coarse mesh; ends that are not named are "outside".
  virtual std::map<dealii::types::boundary_id, std::string> ends() const { return {}; }

  /// Axes d along which boundary id 2 d of the coarse mesh is joined to boundary id 2 d + 1.
  virtual std::vector<unsigned int> periodic_axes() const { return {}; }

  /// Whether parts of the coarse mesh can be refined further than others.
  virtual bool can_be_refined_locally() const { return true; }

  /// How many of the wanted global refinements the coarse mesh already contains.
  virtual unsigned int refinements_done() const { return 0; }

  /// Whether region() is true of any point, not only of points in the given coarse cell.
  virtual bool knows_every_point() const { return true; }
};

/// The shape that the parameters name. Throws InputError for a file that cannot be used.
template <int dim>
std::unique_ptr<Shape<dim>> make_shape(const OrganParameters &parameters);
} // namespace nidus
