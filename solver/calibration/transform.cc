#include "calibration/transform.h"

#include "control/input_error.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace nidus
{
Transform::Transform(const std::string &name, const std::string &entry) : text(name), kind(Kind::none)
{
  const std::array<const char *, 5> names = {{"none", "log1p", "logit", "sqrt", "log"}};
  const auto *const found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw InputError(entry, name, "none, log1p, logit, sqrt, log", "choose one of them");
  kind = static_cast<Kind>(found - names.begin());
}

double Transform::operator()(const double value) const
{
  switch (kind)
  {
  case Kind::none:
    return value;
  case Kind::log1p:
    return std::log1p(value);
  case Kind::logit:
    return std::log(value / (1.0 - value));
  case Kind::sqrt:
    return std::sqrt(value);
  case Kind::log:
    return std::log(value);
  }
  return value;
}

double Transform::inverse(const double transformed) const
{
  switch (kind)
  {
  case Kind::none:
    return transformed;
  case Kind::log1p:
    return std::expm1(transformed);
  case Kind::logit:
    return 1.0 / (1.0 + std::exp(-transformed));
  case Kind::sqrt:
    return transformed * transformed;
  case Kind::log:
    return std::exp(transformed);
  }
  return transformed;
}

double Transform::slope(const double value) const
{
  switch (kind)
  {
  case Kind::none:
    return 1.0;
  case Kind::log1p:
    return 1.0 / (1.0 + value);
  case Kind::logit:
    return 1.0 / (value * (1.0 - value));
  case Kind::sqrt:
    return 0.5 / std::sqrt(value);
  case Kind::log:
    return 1.0 / value;
  }
  return 1.0;
}

std::string Transform::domain() const
{
  switch (kind)
  {
  case Kind::none:
    return "numbers";
  case Kind::log1p:
    return "numbers above -1";
  case Kind::logit:
    return "numbers between 0 and 1";
  case Kind::sqrt:
  case Kind::log:
    return "numbers above 0";
  }
  return "";
}
} // namespace nidus
