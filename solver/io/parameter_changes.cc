#include "io/parameter_changes.h"

#include "control/input_error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

namespace nidus
{
namespace
{
using Json = nlohmann::ordered_json;
using Path = std::vector<std::string>;
using Reach = ParameterChange::Reach;

bool is_entry(const Json &node)
{
  return node.contains("value") && node["value"].is_string();
}

std::string joined(const Path &path)
{
  std::string text;
  for (const auto &part : path)
    text += (text.empty() ? "" : "/") + part;
  return text;
}

/// Whether @p path matches, part by part, where "*" is any name.
bool matches(const Path &path, const Path &pattern)
{
  return path.size() == pattern.size() &&
         std::equal(path.begin(), path.end(), pattern.begin(),
                    [](const auto &part, const auto &wanted) { return wanted == "*" || part == wanted; });
}

bool matches_any(const Path &path, const std::vector<Path> &patterns)
{
  return std::any_of(patterns.begin(), patterns.end(), [&](const Path &pattern) { return matches(path, pattern); });
}

/// Lists whose elements have numbers in the state, so that their names and their order are part of it.
bool is_numbered(const Path &list)
{
  return matches_any(list, {{"Fields"},
                            {"Agents"},
                            {"Agents", "*", "States"},
                            {"Agents", "*", "Receptors"},
                            {"Blood", "Factors"},
                            {"Blood", "Circulating"}});
}

Reach reach_of(const Path &entry)
{
  for (const char *section : {"Output", "Field solver", "Balance"})
    if (entry.front() == section)
      return Reach::harmless;
  for (const char *section : {"Organ", "Vessels", "Observables"})
    if (entry.front() == section)
      return Reach::impossible;
  if (matches_any(entry, {{"Run", "Title"}, {"Run", "End time"}, {"Run", "Memory check"}}))
    return Reach::harmless;
  // Times and random numbers are counted in steps; agents keep their numbers of receptors and their stage.
  if (matches_any(entry, {{"Run", "Dimension"},
                          {"Run", "Random seed"},
                          {"Run", "Macro step"},
                          {"Run", "Motion steps per macro step"},
                          {"Agents", "*", "Receptors", "*", "Kinetics"},
                          {"Agents", "*", "Transitions", "*", "Stages"}}))
    return Reach::impossible;
  return Reach::forward;
}

/// "1e3" is "1000".
bool same_value(const std::string &one, const std::string &other)
{
  if (one == other)
    return true;
  char *end_of_one = nullptr, *end_of_other = nullptr;
  const double a = std::strtod(one.c_str(), &end_of_one), b = std::strtod(other.c_str(), &end_of_other);
  return !one.empty() && !other.empty() && *end_of_one == '\0' && *end_of_other == '\0' && a == b;
}

class Comparison
{
public:
  std::vector<ParameterChange> changes;

  void compare(const Path &path, const Json &before, const Json &now)
  {
    compare_names(path, before, now);
    for (const auto &item : now.items())
    {
      const Json nothing = Json::object();
      const Json &former = before.contains(item.key()) ? before[item.key()] : nothing;
      Path below = path;
      below.push_back(item.key());
      if (is_entry(item.value()))
        compare_values(below, value(former, item.value()), value(item.value(), item.value()));
      else if (!former.empty())
        compare(below, former, item.value());
    }
    for (const auto &item : before.items())
      if (is_entry(item.value()) && !now.contains(item.key()))
      {
        Path below = path;
        below.push_back(item.key());
        compare_values(below, value(item.value(), item.value()), item.value().value("default_value", ""));
      }
  }

private:
  /// The value of @p entry, or the default of @p known when it is not there.
  static std::string value(const Json &entry, const Json &known)
  {
    return is_entry(entry) ? entry["value"].get<std::string>() : known.value("default_value", "");
  }

  static Path names_in(const Json &section)
  {
    Path names;
    for (const auto &item : section.items())
      if (!is_entry(item.value()))
        names.push_back(item.key());
    return names;
  }

  void compare_values(const Path &entry, const std::string &before, const std::string &now)
  {
    if (!same_value(before, now))
      changes.push_back({reach_of(entry), joined(entry) + ": '" + before + "' in the checkpoint, now '" + now + "'"});
  }

  void compare_names(const Path &path, const Json &before, const Json &now)
  {
    const Path former = names_in(before), present = names_in(now);
    if (former == present || path.empty())
      return;
    const auto reach = [&](const std::string &name) {
      Path element = path;
      element.push_back(name);
      return is_numbered(path) ? Reach::impossible : reach_of(element);
    };
    bool same_names = true;
    const auto tell_missing = [&](const Path &names, const Path &others, const char *where) {
      for (const auto &name : names)
        if (std::find(others.begin(), others.end(), name) == others.end())
        {
          same_names = false;
          changes.push_back({reach(name), joined(path) + "/" + name + ": only " + where});
        }
    };
    tell_missing(former, present, "in the checkpoint");
    tell_missing(present, former, "in the present parameters");
    if (same_names && is_numbered(path))
      changes.push_back({Reach::impossible, joined(path) + ": in the order " + listed(former) +
                                                " in the checkpoint, now " + listed(present)});
  }
};

/// The changes of @p reach, one in a line.
std::string lines_of(const std::vector<ParameterChange> &changes, const Reach reach)
{
  std::string text;
  for (const auto &change : changes)
    if (change.reach == reach)
      text += "\n  " + change.text;
  return text;
}
} // namespace

std::vector<ParameterChange> parameter_changes(const std::string &of_checkpoint, const std::string &now)
{
  Comparison comparison;
  comparison.compare({}, Json::parse(of_checkpoint), Json::parse(now));
  return comparison.changes;
}

std::vector<std::string> accepted_changes(const std::string &name, const std::string &of_checkpoint,
                                          const std::string &now, const bool may_change)
{
  const auto changes = parameter_changes(of_checkpoint, now);
  const std::string impossible = lines_of(changes, Reach::impossible), forward = lines_of(changes, Reach::forward);
  if (!impossible.empty())
    throw InputError("checkpoint " + name +
                         " does not fit the parameters, which differ in what its state is made of:" + impossible + "\n",
                     "resume with the parameters that the run began with, or start without --resume");
  if (!forward.empty() && !may_change)
    throw InputError("the parameters differ from those of checkpoint " + name +
                         " in what happens from there on:" + forward + "\n",
                     "resume with the parameters that the run began with, or accept this with --allow-changes");
  std::vector<std::string> texts;
  texts.reserve(changes.size());
  for (const auto &change : changes)
    texts.push_back(change.text);
  return texts;
}
} // namespace nidus
