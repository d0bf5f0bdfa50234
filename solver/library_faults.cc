#include "library_faults.h"

#include "command_line.h"

#include <dlfcn.h>
#include <petscsys.h>
#include <sc.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace nidus
{
namespace
{
/// No memory is asked for here, where there may be none.
[[noreturn]] void end(const char *what, const char *library, const char *said)
{
  int rank = 0, ranks = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  std::fprintf(stderr, "nidus: the run failed on rank %d: %s (%s: %s)\n", rank, what, library, said);
  if (ranks > 1)
    PMPI_Abort(MPI_COMM_WORLD, failed);
  std::_Exit(failed);
}

/// What p4est said first: then it repeats itself.
char p4est_said[200] = "";

void keep(FILE *, const char *, int, int, int, const int priority, const char *message)
{
  if (priority >= SC_LP_ERROR && p4est_said[0] == '\0')
    std::snprintf(p4est_said, sizeof p4est_said, "%.*s", static_cast<int>(std::strcspn(message, "\n")), message);
}

[[noreturn]] void end_p4est()
{
  const bool no_memory = std::strstr(p4est_said, "alloc") != nullptr;
  end(no_memory ? "out of memory" : "the mesh cannot be made", "p4est", p4est_said);
}

/// Other errors become exceptions of those who called PETSc.
PetscErrorCode end_petsc(MPI_Comm comm, const int line, const char *function, const char *file,
                         const PetscErrorCode error, const PetscErrorType type, const char *message, void *context)
{
  // PETSc 3.18 gives the number of a line for an error where it asks for memory.
  if (error == PETSC_ERR_MEM || std::strcmp(function, "PetscMallocAlign") == 0)
    end("out of memory", "PETSc", function);
  return PetscTraceBackErrorHandler(comm, line, function, file, error, type, message, context);
}
} // namespace

void tell_faults_of_libraries()
{
  sc_set_log_defaults(nullptr, keep, SC_LP_ERROR);
  sc_set_abort_handler(end_p4est);
  PetscPushErrorHandler(end_petsc, nullptr);
}
} // namespace nidus

/// Stands before that of MPI, as MPI's profiling interface lets it: HYPRE calls it, and says nothing, where it finds no
/// memory.
extern "C" int MPI_Abort(MPI_Comm comm, const int code)
{
  if (code == nidus::failed)
    return PMPI_Abort(comm, code);
  Dl_info caller{};
  dladdr(__builtin_return_address(0), &caller);
  const char *library = caller.dli_fname != nullptr ? caller.dli_fname : "unknown";
  const bool no_memory = std::strstr(library, "libHYPRE") != nullptr;
  nidus::end(no_memory ? "out of memory" : "a library gave up", library, "MPI_Abort");
}
