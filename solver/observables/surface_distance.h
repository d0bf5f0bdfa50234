#pragma once

#include "organ/organ.h"

#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkStaticCellLocator.h>

#include <string>

namespace nidus
{
/**
 * Distances from a named surface of the tissue: the border of a region without tissue, such as an airway or the
 * sinusoids of marrow, or an end of the mesh.
 *
 * The surface is that of the mesh, made of faces of cells (in 3-D each of two triangles). Every rank has all of it, 250
 * bytes for each face. Walls do not move when the mesh adapts, so what was read from one mesh holds for the whole run.
 */
template <int dim>
class SurfaceDistance
{
public:
  /// Throws InputError naming @p entry if the mesh has no surface @p name. Collective.
  SurfaceDistance(const Organ<dim> &organ, const std::string &name, const std::string &entry);

  /// From the nearest place of the surface, um; not across periodic sides.
  double operator()(const dealii::Point<dim> &point) const;

private:
  vtkNew<vtkPolyData> surface;
  vtkNew<vtkStaticCellLocator> locator;
};
} // namespace nidus
