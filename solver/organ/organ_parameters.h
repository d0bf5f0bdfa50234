#pragma once

#include "control/parameter_file.h"

#include <map>
#include <string>
#include <vector>

namespace nidus
{
/// A named tissue region and what is the same everywhere in it.
struct RegionParameters
{
  std::string name;
  bool tissue = true;                  ///< carries fields and agents
  double interstitial_fraction = 0.25; ///< volume fraction in which soluble factors move
  double blood_flow = 0.0;             ///< blood volume per tissue volume and time, 1/min
};

struct BlockParameters
{
  std::vector<double> size = {400.0, 400.0, 400.0}; ///< um
  double lumen_radius = 0.0;                        ///< um; a straight airway through the middle; 0: none
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
  std::map<std::string, double> regions; ///< region name -> physical volume id
};

struct OrganParameters
{
  std::string shape = "block";  ///< block | lung lobe | mesh file
  double cell_size = 40.0;      ///< um, for built-in shapes
  unsigned int refinements = 0; ///< global refinements of the coarse mesh (built-in shapes: cell size is after them)
  unsigned int wall_refinements = 0; ///< further refinements of cells cut by a border between regions
  BlockParameters block;
  LungLobeParameters lung_lobe;
  MeshFileParameters mesh_file;
  std::vector<RegionParameters> regions;

  void declare(const ParameterFile &file, dealii::ParameterHandler &handler);

  /// Checks what one entry alone cannot tell; @p dimension of the run, @p directory that relative files start from.
  void resolve(unsigned int dimension, const std::string &directory);

  const RegionParameters *find_region(const std::string &name) const;
};
} // namespace nidus
