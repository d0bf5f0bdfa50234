#include "io/vtk_arrays.h"

#include <vtkDataArray.h>
#include <vtkDataObject.h>
#include <vtkDoubleArray.h>
#include <vtkFieldData.h>
#include <vtkInformation.h>
#include <vtkInformationStringKey.h>
#include <vtkNew.h>
#include <vtkStringArray.h>

namespace nidus
{
std::string escaped(const std::string &text)
{
  std::string result;
  for (const char c : text)
    result += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  return result;
}

void set_unit(vtkDataArray &array, const std::string &unit)
{
  array.GetInformation()->Set(vtkDataArray::UNITS_LABEL(), unit.c_str());
}

void add_time(vtkDataObject &data, const double time)
{
  vtkNew<vtkDoubleArray> array;
  array->SetName("TimeValue");
  array->InsertNextValue(time);
  set_unit(*array, "min");
  data.GetFieldData()->AddArray(array);
}

void add_names(vtkDataObject &data, const std::string &title, const std::vector<std::string> &names)
{
  vtkNew<vtkStringArray> array;
  array->SetName(title.c_str());
  for (const auto &name : names)
    array->InsertNextValue(name);
  data.GetFieldData()->AddArray(array);
}
} // namespace nidus
