#pragma once

#include <gsl/gsl_errno.h>

namespace nidus
{
/// While it lives, GSL returns what went wrong instead of ending the program. Its handler is one for the whole process.
class QuietGsl
{
public:
  QuietGsl() : handler(gsl_set_error_handler_off()) {}
  ~QuietGsl() { gsl_set_error_handler(handler); }
  QuietGsl(const QuietGsl &) = delete;
  QuietGsl &operator=(const QuietGsl &) = delete;

private:
  gsl_error_handler_t *handler;
};
} // namespace nidus
