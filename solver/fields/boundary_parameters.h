#pragma once

#include "control/parameter_file.h"

#include <string>
#include <vector>

namespace nidus
{
struct FieldParameters;

/**
 * What happens to one field at one named boundary; without a condition nothing crosses.
 *
 * n points out of the tissue, phi is the interstitial fraction (1 for fields per tissue volume):
 * value: u = value; flux: phi D grad u . n = flux; Robin: phi D grad u . n = permeability (value - u).
 * Flux and permeability are per area of the tissue's surface.
 */
struct BoundaryCondition
{
  enum class Kind
  {
    no_flux,
    value,
    flux,
    robin
  };

  std::string name;
  std::string field, boundary;
  std::string kind_name = "no-flux"; ///< no-flux | value | flux | Robin
  std::string value;                 ///< formula, in the field's unit; Robin: outside
  std::string flux;                  ///< formula, unit times um/min, into the tissue
  std::string permeability;          ///< formula, um/min

  Kind kind = Kind::no_flux; ///< resolved
  int field_index = -1;      ///< resolved

  /// Whether the field can leave through the boundary however small it is: not by a flux, which takes what it says.
  bool takes() const;

  std::string path(const std::string &entry) const { return "Boundaries/" + name + "/" + entry; }
};

/// Makes the list as long as the file says, and declares its entries.
void declare_boundaries(const ParameterFile &file, dealii::ParameterHandler &handler,
                        std::vector<BoundaryCondition> &conditions);

/// Names into indices, and everything that can be checked without the mesh. Throws InputError.
void resolve_boundaries(const std::vector<FieldParameters> &fields, std::vector<BoundaryCondition> &conditions);

/// What a value of a field with @p unit may be, in words; empty when @p value is such a value.
std::string refusal(const std::string &unit, double value);
} // namespace nidus
