#include "sweep.h"

#include "control/input_error.h"
#include "io/whole_file.h"

#include <deal.II/base/mpi.h>

#include <filesystem>
#include <set>
#include <sstream>

namespace nidus
{
namespace
{
std::string trimmed(const std::string &text)
{
  const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// A cell of a table: quoted where it has to be.
std::string cell(const std::string &text)
{
  if (text.find_first_of(",\"\n") == std::string::npos)
    return text;
  std::string quoted = "\"";
  for (const char c : text)
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string header(const std::vector<SweptEntry> &swept)
{
  std::string line = "run";
  for (const auto &entry : swept)
    line += "," + cell(entry.entry);
  return line + ",end,folder";
}

/// Number and values of each run, as its row begins.
std::vector<std::string> row_beginnings(const std::vector<SweptEntry> &swept)
{
  std::vector<std::string> rows;
  for (const auto &assignments : combinations(swept))
  {
    std::string row = std::to_string(rows.size() + 1) + ",";
    for (std::size_t i = 0; i < assignments.size(); ++i)
      row += cell(assignments[i].substr(swept[i].entry.size() + 1)) + ",";
    rows.push_back(row);
  }
  return rows;
}
} // namespace

SweptEntry parse_sweep(const std::string &option)
{
  const auto equals = option.find('=');
  SweptEntry swept{trimmed(option.substr(0, equals)), {}};
  if (equals == std::string::npos || swept.entry.empty())
    throw InputError("option --sweep: '" + option + "' names no entry with values",
                     "write --sweep \"Section/Entry=a,b,c\"");
  const std::string list = option.substr(equals + 1);
  std::istringstream values(list);
  for (std::string value; std::getline(values, value, list.find(';') == std::string::npos ? ',' : ';');)
    swept.values.push_back(trimmed(value));
  std::set<std::string> different(swept.values.begin(), swept.values.end());
  if (swept.values.empty() || different.count("") > 0 || different.size() < swept.values.size())
    throw InputError("option --sweep", option, "values that differ, none of them empty",
                     "write --sweep \"Section/Entry=a,b,c\", with ';' between values that hold commas");
  return swept;
}

std::vector<std::vector<std::string>> combinations(const std::vector<SweptEntry> &swept)
{
  std::vector<std::vector<std::string>> all = {{}};
  std::set<std::string> entries;
  for (const auto &entry : swept)
  {
    if (!entries.insert(entry.entry).second)
      throw InputError("option --sweep", entry.entry, "each entry once", "join the two options");
    std::vector<std::vector<std::string>> longer;
    for (const auto &assignments : all)
      for (const auto &value : entry.values)
      {
        longer.push_back(assignments);
        longer.back().push_back(entry.entry + "=" + value);
      }
    all = std::move(longer);
  }
  return all;
}

void check_same_sweep(MPI_Comm communicator, const SeriesPlan &plan, const std::vector<SweptEntry> &swept)
{
  const std::string path = plan.output + "/sweep.csv";
  bool same = true;
  if (dealii::Utilities::MPI::this_mpi_process(communicator) == 0 && std::filesystem::exists(path))
  {
    std::istringstream lines(read_whole_file(path));
    std::string line;
    same = static_cast<bool>(std::getline(lines, line)) && line == header(swept);
    for (const auto &beginning : row_beginnings(swept))
      same = same && std::getline(lines, line) && line.rfind(beginning, 0) == 0;
    same = same && !std::getline(lines, line);
  }
  if (!dealii::Utilities::MPI::broadcast(communicator, same))
    throw InputError("option --resume: the series in '" + plan.output +
                         "' has other values than --sweep, as its "
                         "sweep.csv says",
                     "give the same values, or another --output");
}

void write_sweep_table(const SeriesPlan &plan, const std::vector<SweptEntry> &swept, const OutputFolder &folder,
                       const std::vector<MemberEnd> &ends)
{
  std::string table = header(swept) + "\n";
  const auto rows = row_beginnings(swept);
  for (unsigned int number = 1; number <= rows.size(); ++number)
  {
    const std::string path = member_folder(plan, number);
    table += rows[number - 1] + in_words(ends[number - 1]) + "," + path.substr(path.rfind('/') + 1) + "\n";
  }
  write_whole_file(folder.path("sweep.csv"), table);
}
} // namespace nidus
