// The main of every Catch2 program: with MPI, PETSc and p4est ready. Only rank 0 reports, but a test that fails on any
// rank fails the program.
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <deal.II/base/mpi.h>

#include <cstdio>

int main(int argc, char **argv)
{
  int petsc_argc = 1;
  char **petsc_argv = argv;
  const dealii::Utilities::MPI::MPI_InitFinalize mpi(petsc_argc, petsc_argv, 1);
  if (dealii::Utilities::MPI::this_mpi_process(MPI_COMM_WORLD) != 0 &&
      std::freopen("/dev/null", "w", stdout) == nullptr)
    return 1;
  const int failed = Catch::Session().run(argc, argv);
  return dealii::Utilities::MPI::max(failed, MPI_COMM_WORLD) == 0 ? 0 : 1;
}
