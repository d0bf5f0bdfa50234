#include "calibration/measurements.h"

#include "control/input_error.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sstream>

namespace nidus
{
namespace
{
std::string trimmed(const std::string &text)
{
  const auto first = text.find_first_not_of(" \t\r");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// The cells of a line; those in quotation marks may hold commas.
std::vector<std::string> cells_of(const std::string &line)
{
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char letter : line)
    if (letter == '"')
      quoted = !quoted;
    else if (letter == ',' && !quoted)
      cells.emplace_back();
    else
      cells.back() += letter;
  for (auto &cell : cells)
    cell = trimmed(cell);
  return cells;
}

/// A line below the header.
struct Line
{
  const std::vector<std::string> &header, &cells;
  const std::string &place;

  bool has(const std::string &column) const { return std::find(header.begin(), header.end(), column) != header.end(); }

  std::string text(const std::string &column) const
  {
    return cells[std::find(header.begin(), header.end(), column) - header.begin()];
  }

  double number(const std::string &column) const
  {
    const std::string cell = text(column);
    char *end = nullptr;
    const double value = std::strtod(cell.c_str(), &end);
    if (cell.empty() || *end != '\0' || !std::isfinite(value))
      throw InputError(place + ", column " + column, cell, "numbers", "correct the table");
    return value;
  }
};

const std::vector<std::string> all_status = {"", "verified", "unverified", "contested"};

Measurement measurement_of(const Line &line)
{
  Measurement result;
  result.place = line.place;
  result.observable = line.text("observable");
  result.time = line.number(line.has("x") ? "x" : "time");
  result.value = line.number("value");
  result.uncertainty = line.number("uncertainty");
  if (result.uncertainty <= 0.0)
    throw InputError(line.place + ", column uncertainty", line.text("uncertainty"), "numbers above 0",
                     "say how well the value is known; an assumption, marked as such, is better than nothing");
  if (line.has("n"))
    result.n = line.number("n");
  if (result.n < 1.0)
    throw InputError(line.place + ", column n", line.text("n"), "1 or more", "correct the table");
  if (line.has("held_out"))
    result.held_out = line.number("held_out") != 0.0;
  if (line.has("unit"))
    result.unit = line.text("unit");
  if (line.has("status"))
    result.status = line.text("status");
  if (std::find(all_status.begin(), all_status.end(), result.status) == all_status.end())
    throw InputError(line.place + ", column status", result.status, "verified, unverified, contested, or nothing",
                     "say how far the source can be trusted");
  return result;
}
} // namespace

std::vector<Measurement> read_measurements(const std::string &text, const std::string &file)
{
  std::vector<Measurement> measurements;
  std::vector<std::string> header;
  std::istringstream lines(text);
  unsigned int number = 0;
  for (std::string line; std::getline(lines, line);)
  {
    ++number;
    if (trimmed(line).empty() || trimmed(line).front() == '#')
      continue;
    const std::string place = file + ", line " + std::to_string(number);
    const auto cells = cells_of(line);
    if (header.empty())
    {
      header = cells;
      const auto has = [&](const char *column) {
        return std::find(header.begin(), header.end(), column) != header.end();
      };
      for (const char *column : {"observable", "time", "value", "uncertainty"})
        if (!has(column) && !(column == std::string("time") && has("x")))
          throw InputError(place + ": there is no column '" + column + "'",
                           "name the columns observable, time, value, uncertainty in the first line");
      continue;
    }
    if (cells.size() != header.size())
      throw InputError(place + ": " + std::to_string(cells.size()) + " cells under " + std::to_string(header.size()) +
                           " columns",
                       "correct the table");
    measurements.push_back(measurement_of({header, cells, place}));
  }
  if (measurements.empty())
    throw InputError(file + " holds no measurement", "add lines below 'observable,time,value,uncertainty'");
  return measurements;
}
} // namespace nidus
