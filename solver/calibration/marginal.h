#pragma once

#include <limits>
#include <string>

namespace nidus
{
/**
 * The prior of one parameter: a distribution, cut to bounds and normalised there, perhaps with a spike.
 *
 * A spike-and-slab prior (Mitchell & Beauchamp 1988, J. Am. Stat. Assoc. 83, 1023) has exactly @p spike_value with the
 * probability @p spike, and is the distribution otherwise: "this effect may be absent".
 */
class Marginal
{
public:
  enum class Shape
  {
    uniform, ///< location is the lower end, width the length
    normal,  ///< mean and standard deviation
    laplace, ///< centre and mean distance from it
    beta     ///< first and second exponent
  };

  struct Form
  {
    Shape shape = Shape::uniform;
    bool of_logarithm = false; ///< the logarithm of the parameter has the shape
    double location = 0.0, width = 1.0;
    double lower = -std::numeric_limits<double>::infinity(), upper = std::numeric_limits<double>::infinity();
    double spike = 0.0, spike_value = 0.0;
  };

  /// Throws InputError, with @p entry as the place, for numbers that make no distribution and for bounds that leave
  /// less than 1e-12 of it.
  Marginal(const Form &form, const std::string &entry);

  /**
   * A transport of the uniform distribution on (0, 1): the inverse of the distribution function; with a spike, numbers
   * below its probability go to it and the others to the slab.
   */
  double from_unit(double number) const { return from_tails(number, 1.0 - number); }
  double to_unit(double parameter) const;

  /// The same from standard normal numbers, with all digits in both tails; a spike is the score of its middle.
  double from_score(double score) const;
  double to_score(double parameter) const;

  /// Logarithm of the density; minus infinity outside of the bounds; at the spike that of its probability.
  double log_density(double parameter) const;

  /// The least and the greatest value that the prior allows.
  double least() const;
  double greatest() const;

  const Form &form() const { return data; }

private:
  struct Tails
  {
    double below, above;
  };
  double from_tails(double below, double above) const;
  Tails tails(double parameter) const;
  double standardised(double parameter) const;
  double parameter_of(double standardised_value) const;

  Form data;
  double mass = 1.0;               ///< of the uncut distribution between the bounds
  double below_lower, above_upper; ///< what was cut off
};

/**
 * "uniform(0, 1)", "log-uniform(0.5, 30)", "normal(mean, standard deviation)", "log-normal(median, factor)",
 * "beta(first, second)", "laplace(centre, scale)", or "spike-and-slab(probability, value, SLAB)", where SLAB is one of
 * the others. Throws InputError, with @p entry as the place.
 */
Marginal parse_marginal(const std::string &text, double lower, double upper, const std::string &entry);
} // namespace nidus
