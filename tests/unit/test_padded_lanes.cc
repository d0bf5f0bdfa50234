// A linear system with more lanes than mobile fields gives the same fields as one without padding.
#include "coupled_fields.h"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace nidus;
using dealii::Point;

namespace
{
/// AssembledSystem behind vectors with two unused lanes at each node.
class PaddedSystem : public LinearSystem
{
public:
  explicit PaddedSystem(const FieldSet<2> &fields) : fields(fields), plain(fields)
  {
    for (Vec *vector : {&in, &out})
      *vector = plain.create_vector();
  }
  ~PaddedSystem() override
  {
    for (Vec *vector : {&in, &out})
      VecDestroy(vector);
  }

  unsigned int lanes() const override { return plain.lanes() + 2; }

  Vec create_vector() const override
  {
    Vec vector = nullptr;
    VecCreate(fields.organ.communicator(), &vector);
    VecSetSizes(vector, static_cast<PetscInt>(fields.n_owned_nodes() * lanes()), PETSC_DETERMINE);
    VecSetBlockSize(vector, static_cast<PetscInt>(lanes()));
    VecSetType(vector, VECMPI);
    VecSet(vector, 0.0);
    return vector;
  }

  void apply_diffusion(Vec u, Vec y) override
  {
    copy(u, in);
    plain.apply_diffusion(in, out);
    widen(u, y);
  }
  void set_diagonal(Vec c) override
  {
    copy(c, in);
    plain.set_diagonal(in);
  }
  void apply(Vec u, Vec y) override
  {
    copy(u, in);
    plain.apply(in, out);
    widen(u, y);
  }
  void get_diagonal(Vec diagonal) override
  {
    plain.get_diagonal(out);
    VecSet(diagonal, 1.0);
    widen(diagonal, diagonal);
  }
  void configure(KSP solver, Mat jacobian) override { plain.configure(solver, jacobian); }

private:
  /// The used lanes of @p wide.
  void copy(Vec wide, Vec narrow) const
  {
    const double *from = nullptr;
    double *to = nullptr;
    VecGetArrayRead(wide, &from);
    VecGetArray(narrow, &to);
    for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
      std::copy_n(from + node * lanes(), plain.lanes(), to + node * plain.lanes());
    VecRestoreArray(narrow, &to);
    VecRestoreArrayRead(wide, &from);
  }

  /// The used lanes from out, the others as in @p u, whose diagonal is one.
  void widen(Vec u, Vec y) const
  {
    if (u != y)
      VecCopy(u, y);
    const double *from = nullptr;
    double *to = nullptr;
    VecGetArrayRead(out, &from);
    VecGetArray(y, &to);
    for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
      std::copy_n(from + node * plain.lanes(), plain.lanes(), to + node * lanes());
    VecRestoreArray(y, &to);
    VecRestoreArrayRead(out, &from);
  }

  const FieldSet<2> &fields;
  AssembledSystem<2> plain;
  Vec in = nullptr, out = nullptr;
};
} // namespace

TEST_CASE("Unused lanes of a linear system change nothing", "[lanes]")
{
  using Problem = test::CoupledFields;
  test::FieldWorld<2> world(test::block({200.0, 200.0}, 25.0, 0.25), Problem::parameters(), {"ligand"});
  FieldSet<2> fields(world.organ, world.field_parameters);
  FieldIntegrator<2> padded(fields, std::make_unique<PaddedSystem>(fields));
  world.add_source(Problem::ligand, Point<2>(50.0, 50.0), 1e4);
  world.add_source(Problem::enzyme, Point<2>(150.0, 150.0), 1e4);
  for (const double dt : {0.1, 1.0, 10.0})
  {
    world.advance(dt, {Problem::blood});
    padded.advance(dt, {Problem::blood}, world.sources, 0.0);
  }
  const auto expected = world.fields.extremes(), found = fields.extremes();
  for (unsigned int s = 0; s < Problem::n; ++s)
  {
    REQUIRE(expected[s].maximum > 0.0);
    CHECK(found[s].maximum == Approx(expected[s].maximum).epsilon(1e-10));
    CHECK(found[s].minimum == Approx(expected[s].minimum).epsilon(1e-10));
    CHECK(found[s].mean == Approx(expected[s].mean).epsilon(1e-10));
  }
}
