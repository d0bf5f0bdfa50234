#pragma once

#include <string>
#include <vector>

class vtkDataArray;
class vtkDataObject;

/// What the files of VTK say beside their numbers.
namespace nidus
{
/// @p text as it stands in an XML file; VTK puts names of arrays there as they are.
std::string escaped(const std::string &text);

/// The information UNITS_LABEL of an array.
void set_unit(vtkDataArray &array, const std::string &unit);

/// The field data `TimeValue` [min], which readers take for the time of the file.
void add_time(vtkDataObject &data, double time);

/// Field data with the names of what an array gives by number.
void add_names(vtkDataObject &data, const std::string &title, const std::vector<std::string> &names);
} // namespace nidus
