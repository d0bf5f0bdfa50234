#include "io/statistics.h"

#include "control/input_error.h"
#include "io/number_text.h"

#include <deal.II/base/exceptions.h>
#include <deal.II/base/mpi.h>

#include <algorithm>
#include <set>

namespace nidus
{
namespace
{
void check(const std::vector<StatisticsTable::Column> &columns)
{
  std::set<std::string> names;
  for (const auto &column : columns)
  {
    if ((column.name + column.unit).find_first_of(",\"\r\n") != std::string::npos)
      throw InputError("the name '" + column.name + "' (unit '" + column.unit + "') cannot head a column of a table",
                       "use names without commas, quotation marks and line ends");
    if (!names.insert(column.name).second)
      throw InputError("the column '" + column.name + "' would be in the table twice", "use different names");
  }
}
} // namespace

StatisticsTable::StatisticsTable(const OutputFolder &folder, const std::vector<Column> &columns,
                                 const std::string &file_name)
    : folder(folder), file_name(file_name), n_columns(columns.size())
{
  check(columns);
  for (const Column &column : columns)
    header += (header.empty() ? "" : ",") + column.name + " [" + column.unit + "]";
}

void StatisticsTable::add_row(const std::vector<double> &values)
{
  if (dealii::Utilities::MPI::this_mpi_process(folder.communicator()) == 0)
  {
    AssertDimension(values.size(), n_columns);
    std::string row;
    for (std::size_t i = 0; i < values.size(); ++i)
      row += (i == 0 ? "" : ",") + number_text(values[i]);
    row_texts.push_back(row);
  }
  write();
}

void StatisticsTable::restore(const std::vector<std::string> &rows)
{
  unsigned int strange = 0;
  if (dealii::Utilities::MPI::this_mpi_process(folder.communicator()) == 0)
  {
    const auto width = [](const std::string &row) {
      return static_cast<std::size_t>(std::count(row.begin(), row.end(), ',')) + 1;
    };
    strange = static_cast<unsigned int>(
        std::count_if(rows.begin(), rows.end(), [&](const std::string &row) { return width(row) != n_columns; }));
    row_texts = rows;
  }
  if (dealii::Utilities::MPI::max(strange, folder.communicator()) > 0)
    throw InputError("the statistics of the checkpoint have other columns than those of this run",
                     "resume with the parameters that the run began with");
  write();
}

void StatisticsTable::write() const
{
  std::string content = header + "\n";
  for (const std::string &row : row_texts)
    content += row + "\n";
  folder.write(file_name, content);
}
} // namespace nidus
