#pragma once

#include "control/parameter_file.h"
#include "organ/built_in_parameters.h"
#include "organ/image_parameters.h"
#include "organ/refinement_rules.h"

#include <deal.II/base/symmetric_tensor.h>

#include <map>
#include <string>
#include <vector>

namespace nidus
{
/// A named tissue region and what is the same everywhere in it.
struct RegionParameters
{
  std::string name;
  bool tissue = true;                    ///< carries fields and agents
  double interstitial_fraction = 0.25;   ///< volume fraction in which soluble factors move
  double blood_flow = 0.0;               ///< blood volume per tissue volume and time, 1/min
  std::vector<double> diffusion_factors; ///< xx, yy, zz, xy, xz, yz (2-D: xx, yy, xy), relative; empty: isotropic

  /// What multiplies the diffusivity of every field, D_ij = D T_ij: the identity for an isotropic region.
  template <int dim>
  dealii::SymmetricTensor<2, dim> diffusion_tensor() const
  {
    auto tensor = dealii::unit_symmetric_tensor<dim>();
    if (!diffusion_factors.empty())
      for (unsigned int i = 0; i < dim; ++i)
        for (unsigned int j = i; j < dim; ++j)
          // The pairs xy, xz, yz follow the diagonal.
          tensor[i][j] = diffusion_factors[i == j ? i : dim + i + j - 1];
    return tensor;
  }
};

struct BlockParameters
{
  std::vector<double> size = {400.0, 400.0, 400.0}; ///< um
  double lumen_radius = 0.0;                        ///< um; a straight airway through the middle; 0: none
  std::vector<std::string> periodic_axes;           ///< x, y, z

  std::vector<unsigned int> periodic() const; ///< the same as numbers, in ascending order
};

struct LungLobeParameters
{
  double length = 3000.0;       ///< um, apex to base
  double width = 2000.0;        ///< um
  double thickness = 1400.0;    ///< um
  double airway_radius = 140.0; ///< um, at the hilum
  unsigned int airway_generations = 3;
};

struct MeshFileParameters
{
  std::string file;
  std::string length_unit = "um";
  double scale = 1.0;
  std::string region_array = "region";      ///< of a .vtu file
  std::map<std::string, double> regions;    ///< region name -> physical volume id
  std::map<std::string, double> boundaries; ///< boundary name -> physical surface id
};

/// Cells that touch the ball are refined further.
struct RefinedBall
{
  std::vector<double> centre; ///< um, one number for each dimension
  double radius;              ///< um
  unsigned int levels;        ///< below OrganParameters::refinements
  std::string text;           ///< as in the file
};

struct OrganParameters
{
  std::string shape = "block";  ///< one of those that 'Organ/Shape' allows
  double cell_size = 40.0;      ///< um, for built-in shapes
  unsigned int refinements = 0; ///< global refinements of the coarse mesh (built-in shapes: cell size is after them)
  unsigned int wall_refinements = 0; ///< further refinements of cells cut by a border between regions
  std::string refined_balls;         ///< "x, y, z, radius, levels; ..."
  BlockParameters block;
  LungLobeParameters lung_lobe;
  BuiltInParameters built_in;
  LabelImageParameters label_image;
  SurfaceParameters surface;
  MeshFileParameters mesh_file;
  std::vector<RegionParameters> regions;
  std::vector<RefinementRule> refinement_rules;

  std::vector<RefinedBall> balls; ///< resolved

  void declare(const ParameterFile &file, dealii::ParameterHandler &handler);

  /// Checks what one entry alone cannot tell; @p dimension of the run, @p directory that relative files start from.
  void resolve(unsigned int dimension, const std::string &directory);

  const RegionParameters *find_region(const std::string &name) const;
};
} // namespace nidus
