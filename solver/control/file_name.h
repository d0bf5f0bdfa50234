#pragma once

#include <deal.II/base/patterns.h>

#include <string>

namespace nidus
{
/// Whether @p name, as it stands in a file, stays in the folder that it starts from and in those below: it is relative
/// and has no "..". What only the command line may name does not.
bool stays_below(const std::string &name);

namespace allowed
{
/// The name of a file to read: in a parameter file one that stays_below() its folder, on the command line any.
dealii::Patterns::FileName file();
/// "region: file, region: file", with such names.
dealii::Patterns::List named_files();
} // namespace allowed
} // namespace nidus
