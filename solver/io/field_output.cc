#include "io/field_output.h"

#include "control/input_error.h"
#include "control/names_of.h"
#include "io/field_part.h"
#include "io/field_vtu.h"
#include "io/legend.h"
#include "io/outcome.h"
#include "io/vtk_text.h"
#include "io/whole_file.h"

#include <cstdio>
#include <set>
#include <stdexcept>

namespace nidus
{
namespace
{
/// The point arrays. Throws InputError for names that collide.
std::vector<ObservedColumn> named_arrays(const FieldsParameters &parameters, const std::vector<ObservedColumn> &more)
{
  std::vector<ObservedColumn> arrays;
  std::set<std::string> taken(std::begin(field_cell_arrays), std::end(field_cell_arrays));
  for (const FieldParameters &field : parameters.fields)
  {
    arrays.push_back({array_name(field.name), field.unit});
    if (!taken.insert(arrays.back().name).second)
      throw InputError("the field '" + field.name + "' would be written as '" + arrays.back().name +
                           "', and another array of the output has this name",
                       "rename the field; letters, digits and underscores are kept, 'region', 'rank' and 'level' are "
                       "taken");
  }
  for (const ObservedColumn &array : more)
  {
    arrays.push_back({array_name(array.name), array.unit});
    if (!taken.insert(arrays.back().name).second)
      throw InputError("the niche index or one of its signals would be written as '" + arrays.back().name +
                           "', and another array of the output has this name",
                       "rename the field or the signal");
  }
  return arrays;
}
} // namespace

template <int dim>
FieldOutput<dim>::FieldOutput(const OutputFolder &folder, const FieldsParameters &parameters,
                              const std::vector<RegionParameters> &regions, const RankGroups &groups,
                              const std::vector<ObservedColumn> &more, const FieldFormat format)
    : folder(folder), groups(groups), format(format), region_names(names_of(regions)),
      arrays(named_arrays(parameters, more)), times(folder, "fields.pvd"),
      over_time(folder, groups, dim, arrays, region_names)
{
  folder.make_folder("fields");
}

template <int dim>
void FieldOutput<dim>::write(const FieldSet<dim> &fields, const std::uint64_t number, const double time,
                             const std::vector<ObservedArray> &more)
{
  FieldPart part = part_of_rank(fields, more);
  if (format == FieldFormat::xdmf)
  {
    part.gather(groups);
    over_time.add(part, number, time);
    return;
  }
  char base[40];
  std::snprintf(base, sizeof base, "fields_%06llu", static_cast<unsigned long long>(number));
  std::string text;
  on_every_rank(folder.communicator(), [&] { text = vtu_text<dim>(part, arrays, region_names, time); });
  part = {};
  join_pieces(text, groups);
  on_every_rank(folder.communicator(), [&] {
    if (groups.leads())
      write_whole_file(folder.path("fields/" + groups.piece(base, ".vtu")), text);
  });
  const std::string file = std::string("fields/") + base + ".pvtu";
  folder.write(file, pvtu_text(arrays, groups.pieces(base, ".vtu")));
  times.add(time, file);
}

template class FieldOutput<2>;
template class FieldOutput<3>;
} // namespace nidus
