// How the sanitizers behave in the test programs (preset sanitize), and what of other people's code they leave alone.

/// Read by name from the sanitizers, which are C.
extern "C" {
/// An open library can be named: what a plug-in of Open MPI leaks would be of an unknown module once it is closed.
int dlclose(void *)
{
  return 0;
}

const char *__asan_default_options()
{
  return "detect_leaks=1:print_suppressions=0";
}

const char *__ubsan_default_options()
{
  return "halt_on_error=1:print_stacktrace=1";
}

/// Substrings of functions and libraries whose leaks are not ours.
const char *__lsan_default_suppressions()
{
  return
      // Open MPI keeps settings, plug-ins and the topology of the machine until the process ends.
      "leak:libmpi.so\n"
      "leak:libopen-pal.so\n"
      "leak:libopen-rte.so\n"
      "leak:libhwloc.so\n"
      "leak:libpmix.so\n"
      "leak:libmca_common_\n"
      "leak:libfabric.so\n"
      "leak:openmpi3/mca_\n"
      "leak:pmix2/lib/\n"
      // Its texts, of whose makers the unwinder sees no more than the C library's asprintf. We call none of it.
      "leak:asprintf\n";
}
}
