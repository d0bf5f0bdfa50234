#include "organ/mesh_report.h"

#include "control/memory.h"
#include "organ/boundaries.h"
#include "organ/connected_pieces.h"
#include "organ/edge_range.h"
#include "organ/length_unit.h"
#include "organ/mesh_reader.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <sstream>

namespace nidus
{
namespace
{
/// Of the cells of a rank, or of all.
struct Measures
{
  std::vector<double> lower, upper;        ///< extent of the tissue, um
  std::vector<double> of_level, in_region; ///< numbers of cells
  double least_jacobian = std::numeric_limits<double>::max(), sum_of_jacobians = 0.0;
  double greatest_aspect = 0.0; ///< longest over shortest edge of a cell
};

template <int dim>
Measures measure_cells(const Organ<dim> &organ)
{
  Measures all;
  all.lower.assign(dim, std::numeric_limits<double>::max());
  all.upper.assign(dim, -std::numeric_limits<double>::max());
  all.of_level.assign(organ.triangulation().n_global_levels(), 0.0);
  all.in_region.assign(organ.regions().size(), 0.0);
  for (const auto &cell : organ.triangulation().active_cell_iterators())
    if (cell->is_locally_owned())
    {
      ++all.of_level[cell->level()];
      ++all.in_region[cell->material_id()];
      if (!organ.is_tissue(cell))
        continue;
      const double jacobian = scaled_jacobian<dim>(cell);
      all.least_jacobian = std::min(all.least_jacobian, jacobian);
      all.sum_of_jacobians += jacobian;
      const auto edges = edge_range(cell);
      all.greatest_aspect = std::max(all.greatest_aspect, edges.longest / edges.shortest);
      const auto box = cell->bounding_box();
      for (unsigned int d = 0; d < dim; ++d)
      {
        all.lower[d] = std::min(all.lower[d], box.lower_bound(d));
        all.upper[d] = std::max(all.upper[d], box.upper_bound(d));
      }
    }
  namespace MPI = dealii::Utilities::MPI;
  const MPI_Comm comm = organ.communicator();
  Measures result = all;
  MPI::min(all.lower, comm, result.lower);
  MPI::max(all.upper, comm, result.upper);
  MPI::sum(all.of_level, comm, result.of_level);
  MPI::sum(all.in_region, comm, result.in_region);
  result.least_jacobian = MPI::min(all.least_jacobian, comm);
  result.sum_of_jacobians = MPI::sum(all.sum_of_jacobians, comm);
  result.greatest_aspect = MPI::max(all.greatest_aspect, comm);
  return result;
}

std::string text_of(const double value, const int digits = 4)
{
  std::ostringstream text;
  text.precision(digits);
  text << value;
  return text.str();
}

/// Of um^dim; cubic millimetres where they are not tiny.
template <int dim>
std::string volume_text(const double volume)
{
  const double to_mm = std::pow(1e-3, dim);
  const std::string power = dim == 3 ? "^3" : "^2";
  return volume * to_mm < 1e-3 ? text_of(volume) + " um" + power : text_of(volume * to_mm) + " mm" + power;
}

template <int dim>
std::vector<std::string> region_lines(const Organ<dim> &organ, const Measures &cells)
{
  std::vector<std::string> lines;
  const auto source = organ.source_volumes();
  const auto pieces = count_pieces(organ);
  for (std::size_t r = 0; r < organ.regions().size(); ++r)
  {
    const auto &region = organ.regions()[r];
    const double volume = organ.region_volumes()[r];
    std::string line =
        "region " + region.name + ": " + volume_text<dim>(volume) + ", " + text_of(cells.in_region[r], 12) + " cells";
    if (region.tissue)
      line += " with tissue";
    if (region.name != "outside" && pieces[r].number > 1)
      line += " in " + std::to_string(pieces[r].number) + " pieces";
    if (r < source.size() && source[r] > 0.0)
    {
      std::ostringstream difference;
      difference << std::fixed << std::setprecision(2) << std::showpos
                 << std::round(1e4 * (volume / source[r] - 1.0)) * 0.01 + 0.0;
      line += "; the source has " + volume_text<dim>(source[r]) + ", difference " + difference.str() + " %";
    }
    lines.push_back(line);
  }
  return lines;
}
} // namespace

template <int dim>
std::vector<std::string> report_mesh(const Organ<dim> &organ)
{
  const Measures cells = measure_cells(organ);
  std::string extent, corner;
  for (unsigned int d = 0; d < dim; ++d)
  {
    extent += (d > 0 ? " x " : "") + readable_length(cells.upper[d] - cells.lower[d]);
    corner += (d > 0 ? ", " : "") + text_of(cells.lower[d]);
  }
  std::vector<std::string> lines = {"tissue: " + extent + " from (" + corner + ") um",
                                    "cells: " + std::to_string(organ.triangulation().n_global_active_cells()) + ", " +
                                        std::to_string(organ.n_tissue_cells()) + " with tissue, edges of these " +
                                        text_of(organ.smallest_edge()) + " to " + text_of(organ.largest_edge()) +
                                        " um"};
  for (std::size_t level = 0; level < cells.of_level.size(); ++level)
    if (cells.of_level[level] > 0.0)
      lines.push_back("level " + std::to_string(level) + ": " + text_of(cells.of_level[level], 12) + " cells");
  for (const auto &line : region_lines(organ, cells))
    lines.push_back(line);
  const auto &boundaries = organ.boundaries();
  for (std::size_t b = 0; b < boundaries.names().size(); ++b)
    lines.push_back("boundary " + boundaries.names()[b] + ": " +
                    (dim == 3 ? volume_text<2>(boundaries.areas()[b]) : readable_length(boundaries.areas()[b])));
  const auto n = static_cast<double>(organ.n_tissue_cells());
  lines.push_back("quality: scaled Jacobian at least " + text_of(cells.least_jacobian, 3) + ", on average " +
                  text_of(cells.sum_of_jacobians / n, 3) + " (1: a box); longest over shortest edge of a cell up to " +
                  text_of(cells.greatest_aspect, 3));
  lines.push_back("memory of all ranks so far: " + text_of(peak_memory(organ.communicator()), 3) + " MB");
  return lines;
}

template std::vector<std::string> report_mesh<2>(const Organ<2> &);
template std::vector<std::string> report_mesh<3>(const Organ<3> &);
} // namespace nidus
