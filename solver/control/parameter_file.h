#pragma once

#include <deal.II/base/parameter_handler.h>

#include <functional>
#include <string>
#include <vector>

/**
 * Reading a .prm file: the syntax of deal.II's ParameterHandler, with named lists.
 *
 * Fields, agent types, states, transitions and interventions are subsections whose names the user chooses. So the file
 * is outlined first (which subsections exist), then every entry is declared, then the values are assigned one by one,
 * such that each fault can name file, line, entry, value, what is allowed, and the cure.
 */
namespace nidus
{
/// One `set ENTRY = VALUE` of the file, or of the command line.
struct Assignment
{
  std::vector<std::string> path; ///< the subsections around it
  std::string entry;
  std::string value;
  std::string origin; ///< "line 12", "cells.prm, line 12" or "option --set"
};

/// A file that another one includes: its name, relative to the folder of the parameter file or of those that come with
/// the program, and what it says.
struct IncludedFile
{
  std::string name, text;
};

/// Finds the first that exists of the files @p names, which has at least one.
using IncludeReader = std::function<IncludedFile(const std::vector<std::string> &names)>;

/// "Section/Subsection/Entry".
std::string joined(const std::vector<std::string> &path, const std::string &entry);

class ParameterFile
{
public:
  /// Outlines @p text. A line 'include FILE' outside of subsections stands for the entries of that file, which lies in
  /// the same folder or below, or comes with the program; what follows may set them again, while a file must not set an
  /// entry twice. Throws InputError for a line that is not of the form subsection | end | set | include | comment.
  static ParameterFile parse(const std::string &text, const IncludeReader &read = {});

  /// Adds "Section/Entry=value"; it replaces what the file says.
  void add_override(const std::string &assignment);

  /// The names of the subsections directly below @p path, in order of appearance: the elements of a named list.
  /// Throws InputError for a name that is not made of letters, digits, '_' and '-', since names stand in references
  /// ("type.state"), in column headers and in array names.
  std::vector<std::string> names_below(const std::vector<std::string> &path) const;

  bool has_subsection(const std::vector<std::string> &path) const;

  /// Assigns everything to @p handler, in which all entries have been declared.
  /// Throws InputError for an entry or subsection that does not exist, and for a value that does not fit.
  void assign_to(dealii::ParameterHandler &handler) const;

private:
  void read(const std::string &text, const std::vector<std::string> &files, const IncludeReader &reader);
  void include(const std::string &name, const std::string &origin, const std::vector<std::string> &files,
               const IncludeReader &reader);
  /// Replaces what has been said of the same entry.
  void assign(Assignment assignment);

  std::vector<Assignment> assignments;
  std::vector<std::vector<std::string>> subsections; ///< full paths, in order of appearance
};

/// What a reader is told of an entry besides its meaning.
struct Provenance
{
  std::string unit;
  std::string source = "";     ///< "[V24]" as in the list of sources of the README; empty for numerical choices
  std::string confidence = ""; ///< H, M or L; empty for numerical choices
};

/// "TEXT Unit: U. Source: S. Confidence: C."
std::string documented(const std::string &text, const Provenance &provenance);

/// Declares an entry bound to @p member, whose present value is the default.
template <typename T>
void bind(dealii::ParameterHandler &handler, const std::string &entry, T &member, const std::string &text,
          const Provenance &provenance)
{
  handler.add_parameter(entry, member, documented(text, provenance));
}

/// The same with bounds or a selection.
template <typename T>
void bind(dealii::ParameterHandler &handler, const std::string &entry, T &member, const std::string &text,
          const Provenance &provenance, const dealii::Patterns::PatternBase &pattern)
{
  handler.add_parameter(entry, member, documented(text, provenance), pattern);
}

namespace allowed
{
/// Numbers of the interval [0, infinity).
dealii::Patterns::Double non_negative();
/// Numbers above zero.
dealii::Patterns::Double positive();
/// Numbers of the interval [0, 1].
dealii::Patterns::Double fraction();
/// "name: number, name: number", numbers in [lower, upper].
dealii::Patterns::Map named_numbers(double lower = -1e300, double upper = 1e300);
/// "name, name".
dealii::Patterns::List names();
} // namespace allowed
} // namespace nidus
