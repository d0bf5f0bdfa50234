#include "organ/vessel_system.h"

#include "control/input_error.h"
#include "organ/capillary_mesh.h"
#include "organ/tissue_probe.h"
#include "organ/vessel_file.h"
#include "organ/vessel_tree.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace nidus
{
namespace
{
constexpr std::size_t places_named = 3;

/// A vessel is probed so often per shortest edge of a cell.
constexpr double probes_per_edge = 2.0;

void check_inside(const VesselNetwork &network, const TissueProbe &tissue, const VesselParameters &parameters)
{
  std::vector<TissueProbe::Line> lines;
  for (const auto &segment : network.segments)
    lines.emplace_back(network.points[segment.first], network.points[segment.second]);
  const auto [places, count] = tissue.strays(lines, places_named);
  if (count == 0)
    return;
  std::ostringstream where;
  where << count << " of " << lines.size() << " segments leave it, at";
  for (const auto &place : places)
    where << " (" << place[0] << ", " << place[1] << ", " << place[2] << ") um";
  if (count > places.size())
    where << " and elsewhere";
  const bool file = parameters.source == "file";
  throw InputError(file ? "Vessels/File/File" : "Vessels/Source", file ? parameters.file.file : parameters.source,
                   "vessels in the tissue of the organ (" + where.str() + ")",
                   "cut the vessels off at the surface of the tissue, shift them (Vessels/File/Shift), or correct the "
                   "unit");
}

void check_viscosity(const VesselNetwork &network, const VesselParameters &parameters)
{
  // The law has a pole at the thickness of the wall layer.
  constexpr double thinnest = 1.0; // um
  if (parameters.viscosity_law != "in vivo")
    return;
  for (const auto &segment : network.segments)
    if (segment.radius < thinnest)
      throw InputError("Vessels/Viscosity law", parameters.viscosity_law,
                       "constant for radii below 1 um (there is one at " + network.place(segment.first) + ")",
                       "set 'constant', or correct the radii");
}
} // namespace

double VesselSystem::total_length() const
{
  double sum = 0.0;
  for (std::size_t s = 0; s < network.segments.size(); ++s)
    sum += network.length(s);
  return sum;
}

double VesselSystem::wall_area() const
{
  double sum = 0.0;
  for (std::size_t s = 0; s < network.segments.size(); ++s)
    sum += network.wall(s);
  return sum;
}

std::vector<std::string> VesselSystem::describe() const
{
  constexpr double um_per_mm = 1e3, um2_per_mm2 = 1e6, um3_per_nl = 1e6;
  double thinnest = 1e300, thickest = 0.0;
  for (const auto &segment : network.segments)
  {
    thinnest = std::min(thinnest, segment.radius);
    thickest = std::max(thickest, segment.radius);
  }
  std::ostringstream what, blood, branching;
  what.precision(4);
  blood.precision(4);
  branching.precision(4);
  what << "vessels: " << network.points.size() << " points, " << network.segments.size() << " segments, "
       << network.n_components << " connected part(s), length " << total_length() / um_per_mm << " mm, wall "
       << wall_area() / um2_per_mm2 << " mm^2, radii " << thinnest << " to " << thickest << " um";
  blood << "vessels: " << flow.inflow / um3_per_nl << " nL/min of blood through " << network.pressures.size()
        << " inlets and outlets, conserved at each point to " << flow.imbalance << " of it";
  branching << "vessels: " << murray.bifurcations << " bifurcations";
  if (murray.with_exponent > 0)
    branching << ", Murray's exponent " << murray.median << " (median of the " << murray.with_exponent
              << " whose stem is the thickest vessel)";
  std::vector<std::string> lines = {what.str(), blood.str(), branching.str()};
  for (const auto &[repair, count] : network.repairs)
    lines.push_back("vessels: " + repair + ": " + std::to_string(count));
  return lines;
}

template <int dim>
std::shared_ptr<const VesselSystem> make_vessels(const Organ<dim> &organ, const VesselParameters &parameters,
                                                 const std::uint64_t seed)
{
  if (!parameters.any())
    return nullptr;
  if constexpr (dim == 3)
  {
    const CellLocator<3> locator(organ);
    const TissueProbe tissue(locator, organ.smallest_edge() / probes_per_edge);
    auto system = std::make_shared<VesselSystem>();
    auto &network = system->network;
    if (parameters.source == "file")
      network = read_vessels(organ.communicator(), parameters);
    else if (parameters.source == "tree")
      network = grow_trees(parameters, tissue, seed);
    else
      network = make_capillary_mesh(parameters.capillaries, tissue, seed);
    check_inside(network, tissue, parameters);
    check_viscosity(network, parameters);
    system->flow =
        solve_flow(organ.communicator(), network, {parameters.viscosity, parameters.viscosity_law == "in vivo"});
    system->murray = fit_murray(network, system->flow);
    return system;
  }
  else
  {
    (void)organ;
    (void)seed;
    throw InputError("Vessels/Source", parameters.source, "none in 2-D", "set Run/Dimension = 3");
  }
}

template std::shared_ptr<const VesselSystem> make_vessels<2>(const Organ<2> &, const VesselParameters &, std::uint64_t);
template std::shared_ptr<const VesselSystem> make_vessels<3>(const Organ<3> &, const VesselParameters &, std::uint64_t);
} // namespace nidus
