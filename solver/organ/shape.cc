#include "organ/shape.h"

#include "organ/block.h"
#include "organ/cylinder.h"
#include "organ/device_channel.h"
#include "organ/ellipsoid.h"
#include "organ/label_image.h"
#include "organ/liver_lobule.h"
#include "organ/lung_lobe.h"
#include "organ/marrow_block.h"
#include "organ/mesh_file.h"
#include "organ/surface_shape.h"

namespace nidus
{
template <int dim>
bool Shape<dim>::is_uniform(const dealii::BoundingBox<dim> &box) const
{
  const unsigned int middle = region(box.center(), 0);
  for (unsigned int corner = 0; corner < (1u << dim); ++corner)
    if (region(box.vertex(corner), 0) != middle)
      return false;
  return true;
}

template <int dim>
std::unique_ptr<Shape<dim>> make_shape(const OrganParameters &parameters)
{
  const std::string &name = parameters.shape;
  if (name == "mesh file")
    return std::make_unique<MeshFile<dim>>(parameters);
  if (name == "label image")
    return std::make_unique<LabelImage<dim>>(parameters);
  if (name == "ball")
    return std::make_unique<Ellipsoid<dim>>(parameters, std::vector<double>(dim, parameters.built_in.ball.radius));
  if (name == "ellipsoid")
    return std::make_unique<Ellipsoid<dim>>(parameters, parameters.built_in.ellipsoid.semi_axes);
  if (name == "device channel")
    return std::make_unique<DeviceChannel<dim>>(parameters);
  if (name == "liver lobule")
    return std::make_unique<LiverLobule<dim>>(parameters);
  if (name == "marrow block")
    return std::make_unique<MarrowBlock<dim>>(parameters);
  if constexpr (dim == 3)
  {
    if (name == "lung lobe")
      return std::make_unique<LungLobe>(parameters);
    if (name == "cylinder")
      return std::make_unique<Cylinder>(parameters);
    if (name == "surface")
      return std::make_unique<SurfaceShape>(parameters);
  }
  return std::make_unique<Block<dim>>(parameters);
}

template class Shape<2>;
template class Shape<3>;
template std::unique_ptr<Shape<2>> make_shape<2>(const OrganParameters &);
template std::unique_ptr<Shape<3>> make_shape<3>(const OrganParameters &);
} // namespace nidus
