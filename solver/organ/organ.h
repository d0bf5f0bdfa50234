#pragma once

#include "organ/organ_parameters.h"

#include <deal.II/distributed/tria.h>
#include <deal.II/fe/mapping_q.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nidus
{
template <int dim>
class Boundaries;
class MeshLeaves;
struct VesselNetwork;
template <int dim>
class Shape;

/**
 * The mesh of an organ, partitioned over the ranks, with a named region in each cell.
 *
 * The material id of a cell is its region: an index into regions(). Cells of regions without tissue are part of the
 * mesh but carry no field and no agent.
 */
template <int dim>
class Organ
{
public:
  using Triangulation = dealii::parallel::distributed::Triangulation<dim>;
  using CellIterator = typename Triangulation::active_cell_iterator;

  /// Is told the number of cells that the mesh is about to have at least, and that of the coarse ones among them which
  /// every rank is about to hold (0: it has them), on all ranks alike; it may throw.
  using Announce = std::function<void(double cells, double coarse_cells)>;

  /// Builds the mesh; @p announce is called before the coarse cells are made, if their number is known, and before they
  /// are refined. Throws InputError for an organ without
  /// tissue, for more ranks than cells and for refined balls outside of the mesh.
  Organ(MPI_Comm communicator, const OrganParameters &parameters, const Announce &announce = {});
  ~Organ();

  MPI_Comm communicator() const { return mesh.get_communicator(); }
  const Triangulation &triangulation() const { return mesh; }
  Triangulation &triangulation() { return mesh; }
  const dealii::Mapping<dim> &mapping() const { return mapping_q1; }

  const std::vector<RegionParameters> &regions() const { return region_list; }
  const RegionParameters &region(const CellIterator &cell) const { return region_list[cell->material_id()]; }
  bool is_tissue(const CellIterator &cell) const { return region(cell).tissue; }

  /// Work of a cell without agents, relative to one with tissue: measured, a cell without fields and agents costs about
  /// a tenth.
  double bare_work(const CellIterator &cell) const { return is_tissue(cell) ? 1.0 : 0.1; }

  /**
   * Gives the cells to the ranks anew, in the order of p4est's curve, such that the sums of @p weight on the ranks are
   * as equal as this order allows. One weight for each active cell, by its active index, at least 1 for owned cells.
   *
   * Cells, regions and surfaces stay; all that was built on the mesh has to be built anew (MeshBound), and what is to
   * travel with the cells must be attached before (FieldTransfer). Collective.
   */
  void repartition(const std::vector<unsigned int> &weight);

  /// Level of the cell of the first mesh in which an owned cell lies.
  unsigned int first_level(const CellIterator &cell) const { return first_levels[cell->active_cell_index()]; }

  /// Refines at the centre lines of vessels where @p rules say so ('Where = vessels'): vessels are found or grown in
  /// the mesh as it was before. Regions stay as they are. Collective.
  void refine_at(const VesselNetwork &vessels, const std::vector<RefinementRule> &rules);

  /// Whether cells may be refined one by one.
  bool can_be_refined_locally() const;

  /// How the active cells have changed, over all ranks.
  struct Adaptation
  {
    std::uint64_t before = 0, after = 0;
    std::uint64_t refined = 0;   ///< cells that now have children
    std::uint64_t coarsened = 0; ///< children that have gone up in their parents
  };

  /**
   * Refines and coarsens the cells that are flagged, such that neighbours differ by one level at most, and gives them
   * to the ranks anew. Children have the region of their parent; a parent may only take the place of children of one
   * region. What is to travel with the cells must be attached before (FieldTransfer). Collective.
   */
  Adaptation adapt();

  /// Whether the mesh may be another one than the parameters lead to.
  bool adapted() const { return has_been_adapted; }

  /// The active cells of this rank, for become().
  std::string leaves() const;

  /// Refines and coarsens until the mesh has the given leaves, with their labels and the partition that adapt() gave
  /// it. Throws InputError if it cannot. Collective.
  void become(const MeshLeaves &leaves);

  /// The named surfaces at which the tissue ends.
  const Boundaries<dim> &boundaries() const { return *surfaces; }

  /// Axes along which the tissue continues at the other end of the block.
  std::vector<unsigned int> periodic_axes() const;

  /// Makes the mesh that all refinement starts from, periodic where the organ is. Further meshes of the same organ
  /// begin like this too.
  void make_coarse_mesh(dealii::Triangulation<dim> &coarse) const;

  /**
   * Whether a lumen (a region without tissue that is not "outside") lies within @p distance (um) of @p point, judged in
   * the directions to the faces, edges and corners of a cube. Throws InputError for organs from a mesh file.
   */
  bool lines_lumen(const dealii::Point<dim> &point, double distance) const;

  /// Volume of each region, um^dim, over all ranks.
  const std::vector<double> &region_volumes() const { return volumes; }
  double tissue_volume() const;

  /// Volume of each region in the image or the surface that the organ was read from; empty: there is none.
  std::vector<double> source_volumes() const;

  /// What a user should know of where the organ comes from, one sentence each.
  std::vector<std::string> warnings() const;

  /// Shortest and longest edge of tissue cells over all ranks, um.
  double smallest_edge() const { return shortest; }
  double largest_edge() const { return longest; }

  std::uint64_t n_tissue_cells() const { return tissue_cells; }

private:
  void match_regions(const OrganParameters &parameters);
  void refine(const OrganParameters &parameters);
  void refine_balls(const OrganParameters &parameters);
  void refine_by_rules(const std::vector<RefinementRule> &rules);
  std::vector<bool> cells_of(const RefinementRule &rule) const;
  bool lies_at(const CellIterator &cell, const std::vector<std::string> &names, const Boundaries<dim> &ends) const;
  void label_cells();
  void take_labels(const MeshLeaves &leaves);
  void remeasure();
  unsigned int weight(const typename Triangulation::cell_iterator &cell) const;
  unsigned int region_at(typename Triangulation::cell_iterator cell, const dealii::Point<dim> &point) const;
  bool is_cut(const CellIterator &cell) const;
  void measure();
  void check_size() const;

  std::unique_ptr<Shape<dim>> shape;
  std::vector<RegionParameters> region_list;
  Triangulation mesh;
  std::vector<unsigned int> weights;      ///< of active cells in a repartition; empty at other times
  std::vector<unsigned int> first_levels; ///< of active cells; empty until the first mesh is complete
  dealii::MappingQ<dim> mapping_q1;
  std::unique_ptr<Boundaries<dim>> surfaces;
  std::vector<double> volumes;
  double shortest = 0.0, longest = 0.0;
  std::uint64_t tissue_cells = 0;
  bool has_been_adapted = false;
};
} // namespace nidus
