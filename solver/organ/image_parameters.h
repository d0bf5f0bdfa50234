#pragma once

#include <deal.II/base/parameter_handler.h>

#include <string>
#include <vector>

namespace nidus
{
/// An organ in an image whose voxels carry labels.
struct LabelImageParameters
{
  std::string file;
  std::string length_unit = "um";
  double scale = 1.0;
  std::vector<std::string> regions; ///< "name: label label ..."

  struct Region
  {
    std::string name;
    std::vector<long> labels;
  };
  std::vector<Region> named; ///< resolved

  void declare(dealii::ParameterHandler &handler);

  /// Throws InputError; @p directory: what a relative name starts from.
  void resolve(const std::string &directory);
};

/// An organ inside of closed surfaces.
struct SurfaceParameters
{
  std::vector<std::string> surfaces; ///< "name: file"
  bool accept_crossings = false;     ///< use surfaces that cross themselves
  std::string length_unit = "um";
  double scale = 1.0;

  struct Region
  {
    std::string name, file;
  };
  std::vector<Region> named; ///< resolved

  void declare(dealii::ParameterHandler &handler);

  /// Throws InputError; @p directory: what a relative name starts from.
  void resolve(const std::string &directory);
};

/// @p file as it is if it is absolute, else below @p directory (empty: the current one).
std::string in_folder(const std::string &directory, const std::string &file);
} // namespace nidus
