#pragma once

#include <deal.II/base/point.h>

#include <memory>
#include <string>

namespace nidus
{
/**
 * A number or a formula of place and time, as a user writes it: variables x, y, z (um; z is 0 in 2-D) and t (min), the
 * constant pi, and the operators and functions of muparser.
 */
class Expression
{
public:
  /// Throws InputError with @p entry as the place when @p text is no formula or names something unknown.
  Expression(const std::string &text, const std::string &entry);
  ~Expression();
  Expression(Expression &&) noexcept;
  Expression &operator=(Expression &&) noexcept;

  const std::string &text() const { return source; }
  const std::string &entry() const { return place_in_file; }

  bool uses(const std::string &variable) const;
  bool is_constant() const;

  /// The value at @p place and @p time; may be infinite or not a number. Not for several threads at once.
  template <int dim>
  double operator()(const dealii::Point<dim> &place, double time) const;

private:
  struct Parser;

  std::string source, place_in_file;
  std::unique_ptr<Parser> parser;
};
} // namespace nidus
