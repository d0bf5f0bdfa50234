#pragma once

#include "io/field_part.h"
#include "observables/observed.h"

#include <string>
#include <vector>

namespace nidus
{
/// The cell arrays of field output, in the order of FieldPart.
constexpr const char *field_cell_arrays[] = {"region", "rank", "level"};

/// The text of a .vtu file with point arrays @p arrays. Throws std::runtime_error.
template <int dim>
std::string vtu_text(FieldPart &part, const std::vector<ObservedColumn> &arrays,
                     const std::vector<std::string> &region_names, double time);

/// The text of the .pvtu file that lists @p pieces.
std::string pvtu_text(const std::vector<ObservedColumn> &arrays, const std::vector<std::string> &pieces);
} // namespace nidus
