#pragma once

#include <string>
#include <vector>

/// Pieces of report.html; texts are escaped.
namespace nidus::html
{
std::string row_of(const std::vector<std::string> &cells, const char *kind = "td");
std::string heading(const std::string &words);
std::string paragraph(const std::string &words, bool strong = false);
} // namespace nidus::html
