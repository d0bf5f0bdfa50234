#pragma once

#include "control/parameter_file.h"

#include <string>
#include <vector>

namespace nidus
{
/// Makes @p list as long as the subsections below @p path, gives its elements their names, and lets
/// @p declare_one(handler, element) declare the entries of each. The handler is in the subsection around the last name
/// of the path. The list must not grow afterwards: entries are bound to its elements.
template <typename Element, typename DeclareOne>
void declare_named_list(const ParameterFile &file, dealii::ParameterHandler &handler,
                        const std::vector<std::string> &path, std::vector<Element> &list, const DeclareOne &declare_one)
{
  const auto names = file.names_below(path);
  list.resize(names.size());
  handler.enter_subsection(path.back());
  for (std::size_t i = 0; i < names.size(); ++i)
  {
    list[i].name = names[i];
    handler.enter_subsection(names[i]);
    declare_one(handler, list[i]);
    handler.leave_subsection();
  }
  handler.leave_subsection();
}
} // namespace nidus
