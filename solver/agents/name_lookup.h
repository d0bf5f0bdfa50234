#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// Names of the parameter file become indices; a name that does not exist is an InputError that lists what does.
namespace nidus::lookup
{
using Names = std::vector<std::string>;

/// "one of the states a, b, c", for messages.
std::string one_of(const std::string &what, const Names &names);

/// The index of @p name. Throws InputError with @p entry as the place.
int found(const std::string &entry, const std::string &name, const std::string &what, const Names &names);

/// (index, value) for each name, by index, so that the order of sums does not depend on how things are called.
std::vector<std::pair<int, double>> found_all(const std::string &entry, const std::map<std::string, double> &values,
                                              const std::string &what, const Names &names);

/// The parts between separators, trimmed; empty parts are kept, so that "csc." has two.
Names split(const std::string &text, char separator);
} // namespace nidus::lookup
