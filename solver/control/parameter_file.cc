#include "control/parameter_file.h"

#include "control/allowed_values.h"
#include "control/entry_units.h"
#include "control/file_name.h"
#include "control/input_error.h"
#include "control/nearest_name.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <set>
#include <sstream>

namespace nidus
{
namespace
{
constexpr const char *command_line = "option --set";

std::string trimmed(const std::string &text)
{
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos)
    return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Refuses bytes that no line of text has: a message that repeats them would end there, or change the terminal.
void check_characters(const std::string &line, const std::string &origin)
{
  for (const unsigned char c : line)
    if (c == 0x7f || (c < 0x20 && c != '\t' && c != '\r'))
    {
      char byte[8];
      std::snprintf(byte, sizeof byte, "0x%02x", c);
      throw InputError(origin + ": the byte " + byte + " cannot be part of a text", "remove it; save files as UTF-8");
    }
}

/// The line without its comment, with continuation lines joined; @p place tells of which file.
std::vector<std::pair<unsigned int, std::string>> logical_lines(const std::string &text, const std::string &place)
{
  std::vector<std::pair<unsigned int, std::string>> lines;
  std::istringstream stream(text);
  std::string line, pending;
  unsigned int number = 0, first = 0;
  while (std::getline(stream, line))
  {
    ++number;
    if (pending.empty())
      first = number;
    check_characters(line, place + "line " + std::to_string(number));
    line = trimmed(line.substr(0, line.find('#')));
    if (!line.empty() && line.back() == '\\')
    {
      pending += trimmed(line.substr(0, line.size() - 1)) + " ";
      continue;
    }
    pending += line;
    if (!trimmed(pending).empty())
      lines.emplace_back(first, trimmed(pending));
    pending.clear();
  }
  if (!pending.empty())
    throw InputError(place + "the last line ends with a continuation mark '\\'", "remove it or complete the line");
  return lines;
}

[[noreturn]] void refuse_line(const std::string &origin, const std::string &line)
{
  throw InputError(origin + ": cannot understand '" + line + "'",
                   "use 'subsection NAME', 'set ENTRY = VALUE', 'end', a comment that starts with # or, outside of "
                   "subsections, 'include FILE'");
}

/// Says which names exist, the nearest one first.
std::string suggestion(const std::string &wrong, std::vector<std::string> names)
{
  if (names.empty())
    return "remove it: nothing can be set here";
  std::sort(names.begin(), names.end());
  std::string text = "did you mean '" + nearest_name(wrong, names) + "'? All names here: ";
  for (const auto &name : names)
    text += (&name == &names.front() ? "" : ", ") + name;
  return text;
}

/// The place of the first entry in a subsection.
std::string place_of(const std::vector<std::string> &path, const std::vector<Assignment> &assignments)
{
  for (const auto &assignment : assignments)
    if (assignment.path.size() >= path.size() && std::equal(path.begin(), path.end(), assignment.path.begin()))
      return assignment.origin;
  return "an empty subsection";
}

/// The declared entries and subsections as a tree, from deal.II's own JSON with names as the user writes them.
nlohmann::json declared_tree(dealii::ParameterHandler &handler)
{
  std::ostringstream json;
  handler.print_parameters(json, dealii::ParameterHandler::JSON);
  return nlohmann::json::parse(json.str());
}

bool is_entry(const nlohmann::json &node)
{
  return node.is_object() && node.contains("value") && node.contains("pattern") && node["value"].is_string();
}

std::vector<std::string> child_names(const nlohmann::json &node, const bool entries)
{
  std::vector<std::string> names;
  for (const auto &item : node.items())
    if (is_entry(item.value()) == entries)
      names.push_back(item.key());
  return names;
}

const nlohmann::json &descend(const nlohmann::json &tree, const std::vector<std::string> &path,
                              const std::string &origin)
{
  const nlohmann::json *node = &tree;
  std::vector<std::string> walked;
  for (const auto &name : path)
  {
    if (!node->contains(name) || is_entry((*node)[name]))
      throw InputError(origin + ": there is no subsection '" + joined(walked, name) + "'",
                       suggestion(name, child_names(*node, false)));
    walked.push_back(name);
    node = &(*node)[name];
  }
  return *node;
}

/// What is given elsewhere than on the command line must not name files that its user has not named.
void check_file_names(const Assignment &assignment, const std::string &pattern)
{
  if (pattern.find("[FileName") == std::string::npos || assignment.origin == command_line)
    return;
  std::istringstream items(assignment.value);
  for (std::string item; std::getline(items, item, ',');)
    // As a whole, and behind the name of a region.
    for (const auto &name : {trimmed(item), trimmed(item.substr(item.find(':') + 1))})
      if (!stays_below(name))
      {
        const std::string entry = joined(assignment.path, assignment.entry);
        throw InputError(assignment.origin + ": entry '" + entry + "' = '" + assignment.value +
                             "' cannot be used. Allowed in a file: names of files in its folder or below, without '..'",
                         "move the file there, or name it on the command line: --set \"" + entry + "=" +
                             assignment.value + "\"");
      }
}
} // namespace

std::string joined(const std::vector<std::string> &path, const std::string &entry)
{
  std::string text;
  for (const auto &part : path)
  {
    text += part;
    text += '/';
  }
  return text + entry;
}

ParameterFile ParameterFile::parse(const std::string &text, const IncludeReader &read)
{
  ParameterFile file;
  file.read(text, {}, read);
  return file;
}

void ParameterFile::read(const std::string &text, const std::vector<std::string> &files, const IncludeReader &reader)
{
  const std::string place = files.empty() ? "" : files.back() + ", ";
  std::vector<std::string> path;
  std::set<std::string> seen;
  for (const auto &[number, line] : logical_lines(text, place))
  {
    const std::string origin = place + "line " + std::to_string(number);
    if (line.rfind("subsection ", 0) == 0)
    {
      path.push_back(trimmed(line.substr(11)));
      if (!has_subsection(path))
        subsections.push_back(path);
    }
    else if (line == "end")
    {
      if (path.empty())
        throw InputError(origin + ": 'end' without a subsection", "remove it");
      path.pop_back();
    }
    else if (line.rfind("set ", 0) == 0 && line.find('=') != std::string::npos)
    {
      const auto equals = line.find('=');
      Assignment assignment{path, trimmed(line.substr(4, equals - 4)), trimmed(line.substr(equals + 1)), origin};
      if (!seen.insert(joined(path, assignment.entry)).second)
        throw InputError(origin + ": entry '" + joined(path, assignment.entry) + "' is set twice",
                         "keep one of the two");
      assign(std::move(assignment));
    }
    else if (line.rfind("include ", 0) == 0 && path.empty())
      include(trimmed(line.substr(8)), origin, files, reader);
    else
      refuse_line(origin, line);
  }
  if (!path.empty())
    throw InputError(place + "subsection '" + joined({path.begin(), path.end() - 1}, path.back()) + "' is not closed",
                     "add the missing 'end'");
}

void ParameterFile::include(const std::string &name, const std::string &origin, const std::vector<std::string> &files,
                            const IncludeReader &reader)
{
  // A file must not reach what its user has not named.
  if (!stays_below(name) || !reader)
    throw InputError(origin + ": cannot include '" + name + "'",
                     "include files of the same folder, or of folders below it");
  // Beside the file that includes it, or where a file of the user would look.
  std::vector<std::string> names = {name};
  if (!files.empty() && files.back().find('/') != std::string::npos)
    names.insert(names.begin(), (std::filesystem::path(files.back()).parent_path() / name).generic_string());
  const IncludedFile found = reader(names);
  if (std::find(files.begin(), files.end(), found.name) != files.end())
    throw InputError(origin + ": '" + found.name + "' includes itself", "remove one of the 'include' lines");
  auto chain = files;
  chain.push_back(found.name);
  read(found.text, chain, reader);
}

void ParameterFile::assign(Assignment assignment)
{
  assignments.erase(
      std::remove_if(assignments.begin(), assignments.end(),
                     [&](const auto &a) { return a.path == assignment.path && a.entry == assignment.entry; }),
      assignments.end());
  assignments.push_back(std::move(assignment));
}

void ParameterFile::add_override(const std::string &assignment)
{
  check_characters(assignment, command_line);
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0)
    throw InputError("option --set: '" + assignment + "' is not an assignment", "write --set \"Section/Entry=value\"");
  Assignment parsed{{}, trimmed(assignment.substr(0, equals)), trimmed(assignment.substr(equals + 1)), command_line};
  for (auto slash = parsed.entry.find('/'); slash != std::string::npos; slash = parsed.entry.find('/'))
  {
    parsed.path.push_back(trimmed(parsed.entry.substr(0, slash)));
    parsed.entry = trimmed(parsed.entry.substr(slash + 1));
  }
  assign(std::move(parsed));
}

std::vector<std::string> ParameterFile::names_below(const std::vector<std::string> &path) const
{
  std::vector<std::string> names;
  for (const auto &subsection : subsections)
    if (subsection.size() == path.size() + 1 && std::equal(path.begin(), path.end(), subsection.begin()))
      names.push_back(subsection.back());
  for (const auto &name : names)
    if (!std::all_of(name.begin(), name.end(),
                     [](const unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == '-'; }))
      throw InputError("subsection '" + joined(path, name) + "' has a name that other entries cannot refer to",
                       "rename it, with letters, digits, '_' and '-' only");
  return names;
}

bool ParameterFile::has_subsection(const std::vector<std::string> &path) const
{
  return std::find(subsections.begin(), subsections.end(), path) != subsections.end();
}

void ParameterFile::assign_to(dealii::ParameterHandler &handler) const
{
  const auto tree = declared_tree(handler);
  for (const auto &path : subsections)
    descend(tree, path, place_of(path, assignments));

  const EntryUnits units(tree, assignments);
  for (const auto &assignment : assignments)
  {
    const auto &node = descend(tree, assignment.path, assignment.origin);
    if (!node.contains(assignment.entry) || !is_entry(node[assignment.entry]))
      throw InputError(assignment.origin + ": unknown entry '" + joined(assignment.path, assignment.entry) + "' = '" +
                           assignment.value + "'",
                       suggestion(assignment.entry, child_names(node, true)));
    const auto &declared = node[assignment.entry];
    const std::string value = units.plain_value(assignment, declared);
    check_file_names(assignment, declared.value("pattern_description", ""));
    for (const auto &name : assignment.path)
      handler.enter_subsection(name);
    try
    {
      handler.set(assignment.entry, value);
    }
    catch (const dealii::ParameterHandler::ExcValueDoesNotMatchPattern &)
    {
      throw InputError(assignment.origin + ": entry '" + joined(assignment.path, assignment.entry) + "' = '" +
                           assignment.value +
                           "' cannot be used. Allowed: " + in_words(declared.value("pattern_description", "")),
                       "give such a value. " + declared.value("documentation", ""));
    }
    for (std::size_t i = 0; i < assignment.path.size(); ++i)
      handler.leave_subsection();
  }
}

std::string documented(const std::string &text, const Provenance &provenance)
{
  std::string result = text + " Unit: " + provenance.unit + ".";
  if (!provenance.source.empty())
    result += " Source: " + provenance.source + ".";
  if (!provenance.confidence.empty())
    result += " Confidence: " + provenance.confidence + ".";
  return result;
}

namespace allowed
{
dealii::Patterns::Double non_negative()
{
  return dealii::Patterns::Double(0.0, 1e300);
}

dealii::Patterns::Double positive()
{
  return dealii::Patterns::Double(std::numeric_limits<double>::min(), 1e300);
}

dealii::Patterns::Double fraction()
{
  return dealii::Patterns::Double(0.0, 1.0);
}

dealii::Patterns::Map named_numbers(const double lower, const double upper)
{
  return dealii::Patterns::Map(dealii::Patterns::Anything(), dealii::Patterns::Double(lower, upper));
}

dealii::Patterns::List names()
{
  return dealii::Patterns::List(dealii::Patterns::Anything());
}
} // namespace allowed
} // namespace nidus
