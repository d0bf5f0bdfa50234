#include "fields/lane_kernels.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace nidus
{
namespace portable
{
const LaneKernels *find(unsigned int lanes, unsigned int dim);
}
#ifdef NIDUS_X86_KERNELS
namespace avx2
{
const LaneKernels *find(unsigned int lanes, unsigned int dim);
}
namespace avx512
{
const LaneKernels *find(unsigned int lanes, unsigned int dim);
}
#endif

namespace
{
struct InstructionSet
{
  const char *name;
  const LaneKernels *(*find)(unsigned int lanes, unsigned int dim);
};

InstructionSet choose()
{
  const char *wish = std::getenv("NIDUS_INSTRUCTION_SET");
  const std::string name = wish ? wish : "";
#ifdef NIDUS_X86_KERNELS
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                          __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
  const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has_avx512 && (name.empty() || name == "AVX-512"))
    return {"AVX-512", avx512::find};
  if (has_avx2 && (name.empty() || name == "AVX2"))
    return {"AVX2", avx2::find};
  if (name.empty() || name == "SSE2")
    return {"SSE2", portable::find};
#else
  if (name.empty() || name == "portable")
    return {"portable", portable::find};
#endif
  throw std::runtime_error("NIDUS_INSTRUCTION_SET = " + name +
                           " is not an instruction set of this processor (AVX-512, AVX2, SSE2)");
}

const InstructionSet &chosen()
{
  static const InstructionSet set = choose();
  return set;
}
} // namespace

unsigned int lanes_for(const unsigned int n_fields)
{
  unsigned int lanes = 1;
  while (lanes < n_fields)
    lanes *= 2;
  if (lanes > largest_lanes)
    throw std::runtime_error("more than " + std::to_string(largest_lanes) + " mobile fields");
  return lanes;
}

const LaneKernels &lane_kernels(const unsigned int lanes, const unsigned int dim)
{
  return *chosen().find(lanes, dim);
}

const char *instruction_set()
{
  return chosen().name;
}
} // namespace nidus
