#include "io/observed_tables.h"

#include "control/input_error.h"
#include "io/number_text.h"

#include <deal.II/base/mpi.h>

namespace nidus
{
namespace
{
std::string header_of(const TableHead &head)
{
  std::string header;
  for (const auto &column : head.columns)
    header += (header.empty() ? "" : ",") + column.name + " [" + column.unit + "]";
  return header + "\n";
}

std::string text_of(const double number)
{
  return number_text(number);
}
std::string text_of(const std::uint64_t number)
{
  return std::to_string(number);
}
std::string text_of(const std::string &word)
{
  return word;
}
} // namespace

ObservedTables::ObservedTables(const OutputFolder &folder, const std::vector<TableHead> &heads) : folder(folder)
{
  for (const auto &head : heads)
    files.push_back(std::make_unique<GrowingFile>(folder, head.file, header_of(head)));
}

void ObservedTables::add(const std::vector<std::vector<TableRow>> &rows)
{
  for (std::size_t t = 0; t < files.size(); ++t)
  {
    std::string text;
    for (const auto &row : rows[t])
    {
      for (std::size_t e = 0; e < row.size(); ++e)
        text += (e == 0 ? "" : ",") + std::visit([](const auto &entry) { return text_of(entry); }, row[e]);
      text += "\n";
    }
    const auto n_rows = dealii::Utilities::MPI::broadcast(folder.communicator(), std::uint64_t(rows[t].size()));
    files[t]->add(text, n_rows);
    files[t]->flush();
  }
}

std::vector<std::uint64_t> ObservedTables::n_rows() const
{
  std::vector<std::uint64_t> rows;
  for (const auto &file : files)
    rows.push_back(file->n_rows());
  return rows;
}

void ObservedTables::truncate_to(const std::vector<std::uint64_t> &rows)
{
  if (rows.size() != files.size())
    throw InputError("the checkpoint has other tables of observables than the parameter file",
                     "resume with the section Observables that the run began with");
  for (std::size_t t = 0; t < files.size(); ++t)
    files[t]->truncate_to(rows[t]);
}
} // namespace nidus
