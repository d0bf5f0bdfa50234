#include "organ/image_parameters.h"

#include "control/file_name.h"
#include "control/input_error.h"
#include "control/parameter_file.h"
#include "organ/length_unit.h"

#include <deal.II/base/utilities.h>

#include <set>
#include <sstream>

namespace nidus
{
namespace
{
void declare_lengths(dealii::ParameterHandler &handler, std::string &unit, double &scale)
{
  bind(handler, "Length unit", unit, "Unit of the lengths in the file.", {"none"},
       dealii::Patterns::Selection(length_units));
  bind(handler, "Scale", scale, "Further factor on all lengths.", {"none"}, allowed::positive());
}

/// "name: text" as its two parts. Throws InputError.
std::pair<std::string, std::string> split_at_colon(const std::string &entry, const std::string &item,
                                                   const std::string &allowed)
{
  const auto colon = item.find(':');
  const std::string name = dealii::Utilities::trim(item.substr(0, colon));
  const std::string text = colon == std::string::npos ? "" : dealii::Utilities::trim(item.substr(colon + 1));
  if (name.empty() || text.empty())
    throw InputError(entry, item, allowed, "correct this item");
  return {name, text};
}

void check_new(std::set<std::string> &names, const std::string &entry, const std::string &name)
{
  if (name == "outside" || !names.insert(name).second)
    throw InputError(entry, name, "each name once, and not 'outside'", "name several labels in one item, or rename it");
}
} // namespace

std::string in_folder(const std::string &directory, const std::string &file)
{
  return directory.empty() || file.front() == '/' ? file : directory + "/" + file;
}

void LabelImageParameters::declare(dealii::ParameterHandler &handler)
{
  handler.enter_subsection("Label image");
  bind(handler, "File", file,
       "Image whose voxels are whole numbers: .nii, .nii.gz, .nrrd, .nhdr, .mha, .mhd or .vti. Spacing, origin and "
       "orientation of the file are honoured: coordinates are those of its world. A 2-D run takes an image of one "
       "slice. "
       "A relative name starts from the folder of this parameter file. Each rank holds one byte for each voxel.",
       {"none"}, allowed::file());
  declare_lengths(handler, length_unit, scale);
  bind(handler, "Regions", regions,
       "Labels of each region, as 'name: label', several labels with blanks between them: 'liver: 11 12, vein: 13'. "
       "Other labels are outside. A mesh cell belongs to the region at its centre, so that volumes converge with the "
       "size of cells.",
       {"none"}, dealii::Patterns::List(dealii::Patterns::Anything()));
  handler.leave_subsection();
}

void LabelImageParameters::resolve(const std::string &directory)
{
  if (file.empty())
    throw InputError("Organ/Label image/File", "", "the name of an image", "name the label image of the organ");
  file = in_folder(directory, file);
  const std::string entry = "Organ/Label image/Regions", allowed = "'name: label', labels are whole numbers";
  if (regions.empty())
    throw InputError(entry, "", allowed, "for example 'parenchyma: 4'");
  std::set<std::string> names;
  std::set<long> taken;
  for (const auto &item : regions)
  {
    const auto [name, text] = split_at_colon(entry, item, allowed);
    check_new(names, entry, name);
    Region region{name, {}};
    std::istringstream numbers(text);
    for (long label; numbers >> label;)
    {
      if (!taken.insert(label).second)
        throw InputError(entry, item, "each label once", "remove label " + std::to_string(label) + " from one of them");
      region.labels.push_back(label);
    }
    if (!numbers.eof() || region.labels.empty())
      throw InputError(entry, item, allowed, "correct this item");
    named.push_back(region);
  }
}

void SurfaceParameters::declare(dealii::ParameterHandler &handler)
{
  handler.enter_subsection("Surface");
  bind(
      handler, "Surfaces", surfaces,
      "Closed surfaces of triangles (.stl, .ply, .obj, .vtp), as 'region: file'. Several surfaces are several regions, "
      "inner ones first: a point belongs to the first surface that encloses it. A relative name starts from the folder "
      "of this parameter file.",
      {"none"}, allowed::named_files());
  bind(
      handler, "Accept crossings", accept_crossings,
      "Whether surfaces that cross themselves are used, with a warning: smoothed surfaces of images often do at narrow "
      "places. What such a surface encloses twice is outside.",
      {"none"});
  declare_lengths(handler, length_unit, scale);
  handler.leave_subsection();
}

void SurfaceParameters::resolve(const std::string &directory)
{
  const std::string entry = "Organ/Surface/Surfaces", allowed = "'region: file'";
  if (surfaces.empty())
    throw InputError(entry, "", allowed, "for example 'parenchyma: lung.stl'");
  std::set<std::string> names;
  for (const auto &item : surfaces)
  {
    const auto [name, text] = split_at_colon(entry, item, allowed);
    check_new(names, entry, name);
    named.push_back({name, in_folder(directory, text)});
  }
}
} // namespace nidus
