// The rows of the diffusion against a plain cell by cell assembly, on every kind of mesh, region and number of fields.
#include "measured.h"
#include "meshes.h"
#include "plain_diffusion.h"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <random>

using namespace nidus;
using dealii::Point;

namespace
{
/// Fields with a diffusivity of their own in each region, an immobile one among them, and one per tissue volume.
FieldsParameters fields_with(const unsigned int n_mobile, const OrganParameters &organ, const double gauss_share)
{
  FieldsParameters parameters;
  for (unsigned int s = 0; s < n_mobile; ++s)
  {
    auto field = test::field("f" + std::to_string(s), 0.0, 0.01);
    field.diffusivity = "";
    for (std::size_t r = 0; r < organ.regions.size(); ++r)
      field.diffusivity +=
          (r > 0 ? ", " : "") + organ.regions[r].name + ": " + std::to_string(100.0 * (s + 1) * (1.0 + 3.7 * r));
    field.interstitial = s % 3 != 2;
    parameters.fields.push_back(field);
    if (s == 0)
      parameters.fields.push_back(test::field("bound", 0.0, 0.1));
  }
  parameters.solver.gauss_share = gauss_share;
  std::vector<std::string> regions;
  for (const auto &region : organ.regions)
    regions.push_back(region.name);
  parameters.resolve(regions, {});
  return parameters;
}

template <int dim>
class Comparison
{
public:
  Comparison(const OrganParameters &organ_parameters, const unsigned int n_mobile, const double gauss_share)
      : organ(MPI_COMM_WORLD, organ_parameters), parameters(fields_with(n_mobile, organ_parameters, gauss_share)),
        fields(organ, parameters), system(fields), n_mobile(n_mobile)
  {
  }

  using Vector = dealii::LinearAlgebra::distributed::Vector<double>;

  struct Errors
  {
    double difference = 0.0; ///< from the plain assembly, greatest over the nodes, relative to the greatest entry
    double row_sum = 0.0;    ///< relative to the diagonal
    double asymmetry = 0.0;  ///< (x, K y) - (y, K x), relative to |x| |K y|
    double unused = 0.0;     ///< greatest entry where there is no field or no row
  };

  Errors errors()
  {
    Errors result;
    const auto x = random_values(0), y = random_values(1);
    const auto kx = apply(x), ky = apply(y), k1 = apply(std::vector<double>(x.size(), 1.0));
    std::vector<double> diagonal(x.size());
    Vec entries = system.create_vector();
    system.get_diffusion_diagonal(entries);
    copy(entries, diagonal);
    VecDestroy(&entries);
    const unsigned int lanes = system.lanes(), n_nodes = fields.n_owned_nodes();
    for (unsigned int lane = 0, s = 0; lane < lanes; ++lane, ++s)
    {
      if (lane >= n_mobile)
      {
        for (unsigned int node = 0; node < n_nodes; ++node)
          result.unused = std::max(result.unused, std::abs(kx[node * lanes + lane]));
        continue;
      }
      s += parameters.fields[s].mobile() ? 0 : 1;
      const Vector plain = plain_product(s, x, lane);
      const double greatest = plain.linfty_norm();
      CHECK(greatest > 0.0);
      double worst = 0.0, sums = 0.0;
      std::vector<double> dots(4, 0.0), total(4, 0.0);
      for (unsigned int node = 0; node < n_nodes; ++node)
      {
        const std::size_t at = static_cast<std::size_t>(node) * lanes + lane;
        worst = std::max(worst, std::abs(kx[at] - plain.local_element(node)));
        if (fields.constraints.is_constrained(fields.owned.nth_index_in_set(node)) || fields.tissue_volume[node] == 0.0)
          result.unused = std::max(result.unused, std::abs(kx[at]));
        else
          sums = std::max(sums, std::abs(k1[at]) / diagonal[at]);
        dots[0] += x[at] * ky[at];
        dots[1] += y[at] * kx[at];
        dots[2] += x[at] * x[at];
        dots[3] += ky[at] * ky[at];
      }
      dealii::Utilities::MPI::sum(dots, MPI_COMM_WORLD, total);
      result.difference = std::max(result.difference, worst / greatest);
      result.row_sum = std::max(result.row_sum, sums);
      result.asymmetry = std::max(result.asymmetry, std::abs(total[0] - total[1]) / std::sqrt(total[2] * total[3]));
    }
    for (double *part : {&result.difference, &result.row_sum, &result.asymmetry, &result.unused})
      *part = dealii::Utilities::MPI::max(*part, MPI_COMM_WORLD);
    return result;
  }

  const FieldSet<dim> &field_set() const { return fields; }

private:
  /// Hanging nodes and nodes without tissue have values too: they must not matter.
  std::vector<double> random_values(const unsigned int which) const
  {
    std::vector<double> values(static_cast<std::size_t>(fields.n_owned_nodes()) * system.lanes());
    const std::uint64_t rank = dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD);
    std::mt19937_64 generator(2 * rank + which);
    std::uniform_real_distribution<double> between(-1.0, 1.0);
    for (double &value : values)
      value = between(generator);
    return values;
  }

  static void copy(Vec from, std::vector<double> &to)
  {
    const double *values = nullptr;
    VecGetArrayRead(from, &values);
    std::copy_n(values, to.size(), to.begin());
    VecRestoreArrayRead(from, &values);
  }

  std::vector<double> apply(const std::vector<double> &x)
  {
    Vec from = system.create_vector(), to = system.create_vector();
    double *values = nullptr;
    VecGetArrayWrite(from, &values);
    std::copy(x.begin(), x.end(), values);
    VecRestoreArrayWrite(from, &values);
    system.apply_diffusion(from, to);
    std::vector<double> result(x.size());
    copy(to, result);
    VecDestroy(&from);
    VecDestroy(&to);
    return result;
  }

  Vector plain_product(const unsigned int s, const std::vector<double> &x, const unsigned int lane) const
  {
    Vector from(fields.owned, fields.relevant, MPI_COMM_WORLD);
    for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
      from.local_element(node) = x[static_cast<std::size_t>(node) * system.lanes() + lane];
    return test::plain_diffusion(fields, s, from);
  }

  Organ<dim> organ;
  FieldsParameters parameters;
  FieldSet<dim> fields;
  MultigridSystem<dim> system;
  unsigned int n_mobile;
};

/// Adds a second region, the lumen, with tissue in it or not.
OrganParameters with_lumen(OrganParameters organ, const bool tissue, const double radius)
{
  organ.block.lumen_radius = radius;
  organ.regions.push_back(test::region("airway", tissue, 0.4));
  return organ;
}

/// A block of unlike edges; its cells are not cubes.
template <int dim>
OrganParameters flat_block()
{
  return test::block(dim == 2 ? std::vector<double>{330.0, 240.0} : std::vector<double>{330.0, 240.0, 130.0}, 40.0,
                     0.25);
}

template <int dim>
OrganParameters refined_block()
{
  auto organ = flat_block<dim>();
  organ.refined_balls = dim == 2 ? "100, 90, 20, 2; 330, 240, 30, 1" : "100, 90, 60, 20, 2; 330, 240, 130, 30, 1";
  organ.resolve(dim, "");
  return organ;
}

template <int dim>
void compare(const std::string &where, const OrganParameters &organ,
             const std::vector<unsigned int> &numbers = {1, 2, 3, 5, 9, 16}, const double gauss_share = 0.0,
             const bool follows = false)
{
  typename Comparison<dim>::Errors worst;
  for (const unsigned int n_mobile : numbers)
  {
    Comparison<dim> comparison(organ, n_mobile, gauss_share);
    CHECK(comparison.field_set().has_hanging_nodes() == follows);
    const auto errors = comparison.errors();
    INFO(where << ", " << dim << "-D, " << n_mobile << " mobile fields");
    CHECK(errors.unused == 0.0);
    worst.difference = std::max(worst.difference, errors.difference);
    worst.row_sum = std::max(worst.row_sum, errors.row_sum);
    worst.asymmetry = std::max(worst.asymmetry, errors.asymmetry);
  }
  const std::string place = ", " + where + ", " + std::to_string(dim) + "-D";
  test::measured("rows", "greatest difference from plain assembly" + place, worst.difference, "< 5e-14");
  INFO(where << ", " << dim << "-D: difference " << worst.difference << ", row sum " << worst.row_sum << ", asymmetry "
             << worst.asymmetry);
  // Sums of at most some hundred terms, each rounded. So two instruction sets that pass agree to 1e-13.
  CHECK(worst.difference < 5e-14);
  CHECK(worst.row_sum < 5e-14);
  CHECK(worst.asymmetry < 5e-14);
}

template <int dim>
void compare_on_boxes()
{
  compare<dim>("uniform", flat_block<dim>());
  compare<dim>("uniform, Gauss share 0.6", flat_block<dim>(), {3}, 0.6);
  compare<dim>("two regions", with_lumen(flat_block<dim>(), true, 70.0));
  compare<dim>("lumen without tissue", with_lumen(flat_block<dim>(), false, 70.0));
  auto periodic = with_lumen(flat_block<dim>(), true, 70.0);
  periodic.block.periodic_axes = {"x", "y"};
  compare<dim>("periodic", periodic, {1, 3, 16}, 0.0, true);
}

template <int dim>
void compare_on_refined_boxes()
{
  compare<dim>("locally refined", refined_block<dim>(), {1, 2, 3, 5, 9, 16}, 0.0, true);
  auto walls = with_lumen(flat_block<dim>(), true, 70.0);
  walls.wall_refinements = 1;
  compare<dim>("refined at a wall between regions", walls, {1, 3, 16}, 0.0, true);
  auto periodic = refined_block<dim>();
  periodic.block.periodic_axes = {"x", "y"};
  compare<dim>("locally refined and periodic", periodic, {2, 5}, 0.0, true);
}

template <int dim>
void compare_with_fibres()
{
  auto organ = with_lumen(refined_block<dim>(), true, 70.0);
  organ.regions[1].diffusion_factors =
      dim == 2 ? std::vector<double>{2.0, 0.5, 0.6} : std::vector<double>{1.5, 0.8, 0.5, 0.4, -0.2, 0.1};
  organ.resolve(dim, "");
  compare<dim>("a region with fibres", organ, {1, 3, 16}, 0.0, true);
}

template <int dim>
void compare_on_bent_cells()
{
  const test::WavyMesh<dim> mesh(4, 400.0, 30.0, 200.0);
  compare<dim>("bent cells of two regions", mesh.organ(1, 0.25), {1, 3, 16});
  auto refined = mesh.organ(1, 0.25);
  refined.refined_balls = dim == 2 ? "200, 200, 60, 1" : "200, 200, 200, 60, 1";
  refined.resolve(dim, "");
  compare<dim>("bent cells, locally refined", refined, {1, 3, 16}, 0.3, true);
}
} // namespace

TEST_CASE("The instruction set that was asked for is the one that is used", "[rows]")
{
  const char *wish = std::getenv("NIDUS_INSTRUCTION_SET");
  if (wish != nullptr)
    CHECK(std::string(instruction_set()) == wish);
  else
    CHECK_FALSE(std::string(instruction_set()).empty());
}

TEST_CASE("Rows on boxes are those of a plain assembly", "[rows][mpi]")
{
  compare_on_boxes<2>();
  compare_on_boxes<3>();
}

TEST_CASE("Rows of masters of hanging nodes are those of a plain assembly", "[rows][mpi]")
{
  compare_on_refined_boxes<2>();
  compare_on_refined_boxes<3>();
}

TEST_CASE("Rows of a region with fibres are those of a plain assembly", "[rows][mpi]")
{
  compare_with_fibres<2>();
  compare_with_fibres<3>();
}

TEST_CASE("Rows of cells that are no boxes are those of a plain assembly", "[rows][mpi]")
{
  compare_on_bent_cells<2>();
  compare_on_bent_cells<3>();
  auto ball = test::block({}, 0.0, 0.25);
  ball.shape = "mesh file";
  ball.mesh_file.file = NIDUS_MESHES "/ball.msh";
  ball.mesh_file.regions = {{"parenchyma", 1.0}};
  compare<3>("ball from a mesh file", ball, {1, 5});
}
