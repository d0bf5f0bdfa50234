#pragma once

namespace nidus
{
/**
 * Where there is no memory, p4est ends the program with a signal, HYPRE by MPI_Abort without a word, and PETSc goes on
 * with half of what it needs. From now on the rank tells of it in one line and all ranks end with exit code 1. MPI and
 * PETSc must have begun.
 */
void tell_faults_of_libraries();
} // namespace nidus
