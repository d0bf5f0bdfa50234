#include "replicates.h"

#include "control/quantile.h"
#include "io/number_text.h"
#include "io/whole_file.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <sstream>

namespace nidus
{
namespace
{
/// Rows of numbers below one header.
struct Table
{
  std::string header;
  std::vector<std::vector<double>> rows;
};

Table read_table(const std::string &path)
{
  std::istringstream lines(read_whole_file(path));
  Table table;
  std::getline(lines, table.header);
  for (std::string line; std::getline(lines, line);)
  {
    auto &row = table.rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');)
      row.push_back(std::strtod(cell.c_str(), nullptr));
  }
  return table;
}

/// Standard deviation of a sample; NaN of fewer than two values.
double deviation(const std::vector<double> &values, const double mean)
{
  if (values.size() < 2)
    return std::nan("");
  double sum = 0.0;
  for (const double value : values)
    sum += (value - mean) * (value - mean);
  return std::sqrt(sum / (static_cast<double>(values.size()) - 1.0));
}

/// One table for each summary; a number that is missing (NaN) in some replicates is summed up over the others.
void write_summaries(const OutputFolder &folder, const std::vector<Table> &tables)
{
  const std::vector<std::pair<std::string, double>> quantiles = {
      {"q05", 0.05}, {"q25", 0.25}, {"q50", 0.5}, {"q75", 0.75}, {"q95", 0.95}};
  std::size_t n_rows = tables.front().rows.size();
  for (const auto &table : tables)
    n_rows = std::min(n_rows, table.rows.size());
  std::vector<std::string> texts(2 + quantiles.size(), tables.front().header + "\n");
  for (std::size_t r = 0; r < n_rows; ++r)
    for (std::size_t c = 0; c < tables.front().rows[r].size(); ++c)
    {
      std::vector<double> values;
      for (const auto &table : tables)
        if (!std::isnan(table.rows[r].at(c)))
          values.push_back(table.rows[r][c]);
      std::sort(values.begin(), values.end());
      double mean = 0.0;
      for (const double value : values)
        mean += value / static_cast<double>(values.size());
      mean = values.empty() ? std::nan("") : mean;
      std::vector<double> numbers = {mean, c == 0 ? mean : deviation(values, mean)};
      for (const auto &entry : quantiles)
        numbers.push_back(quantile(values, entry.second));
      const char *const end = c + 1 == tables.front().rows[r].size() ? "\n" : ",";
      for (std::size_t k = 0; k < texts.size(); ++k)
        texts[k] += number_text(numbers[k]) + end;
    }
  write_whole_file(folder.path("statistics_mean.csv"), texts[0]);
  write_whole_file(folder.path("statistics_sd.csv"), texts[1]);
  for (std::size_t q = 0; q < quantiles.size(); ++q)
    write_whole_file(folder.path("statistics_" + quantiles[q].first + ".csv"), texts[2 + q]);
}

} // namespace

void write_replicate_summaries(const SeriesPlan &plan, const OutputFolder &folder, const std::vector<MemberEnd> &ends)
{
  std::string list = "replicate,end,folder\n";
  std::vector<Table> tables;
  for (unsigned int number = 1; number <= plan.number; ++number)
  {
    const auto end = ends[number - 1];
    const std::string path = member_folder(plan, number);
    list += std::to_string(number) + "," + in_words(end) + "," + path.substr(path.rfind('/') + 1) + "\n";
    if (end == MemberEnd::done)
      tables.push_back(read_table(path + "/statistics.csv"));
  }
  write_whole_file(folder.path("replicates.csv"), list);
  if (!tables.empty())
    write_summaries(folder, tables);
  if (plan.verbosity >= Verbosity::normal)
    std::cout << tables.size() << " of " << plan.number << " replicates are done; their mean, standard deviation and "
              << "quantiles are in " << folder.path() << std::endl;
}

} // namespace nidus
