#include "organ/shape.h"

#include "organ/block.h"
#include "organ/lung_lobe.h"
#include "organ/mesh_file.h"

namespace nidus
{
template <int dim>
std::unique_ptr<Shape<dim>> make_shape(const OrganParameters &parameters)
{
  if (parameters.shape == "mesh file")
    return std::make_unique<MeshFile<dim>>(parameters);
  if constexpr (dim == 3)
    if (parameters.shape == "lung lobe")
      return std::make_unique<LungLobe>(parameters);
  return std::make_unique<Block<dim>>(parameters);
}

template std::unique_ptr<Shape<2>> make_shape<2>(const OrganParameters &);
template std::unique_ptr<Shape<3>> make_shape<3>(const OrganParameters &);
} // namespace nidus
