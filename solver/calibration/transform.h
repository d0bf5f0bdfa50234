#pragma once

#include <string>

namespace nidus
{
/// What is done to an observable before it is compared, so that its error is about Gaussian and the same for small and
/// large values: none, log1p (counts), logit (fractions in (0, 1)), sqrt, log.
class Transform
{
public:
  /// Throws InputError, with @p entry as the place, for another name.
  Transform(const std::string &name, const std::string &entry);

  /// Not a number, or infinite, where the transform is not defined.
  double operator()(double value) const;
  double inverse(double transformed) const;
  /// Of the transform at @p value: turns a small error of a value into one of the transformed value.
  double slope(double value) const;

  const std::string &name() const { return text; }
  /// "numbers above 0".
  std::string domain() const;

private:
  enum class Kind
  {
    none,
    log1p,
    logit,
    sqrt,
    log
  };
  std::string text;
  Kind kind;
};
} // namespace nidus
