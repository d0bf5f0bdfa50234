// Formulas of place and time.
#include "control/expression.h"
#include "target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  nidus::fuzz::taken_or_refused([&] {
    const nidus::Expression formula(nidus::fuzz::text_of(data, size), "Boundaries/capsule/Value");
    formula(dealii::Point<3>(1.0, 2.0, 3.0), 4.0);
  });
  return 0;
}
