#pragma once

#include "calibration/marginal.h"

#include <string>
#include <vector>

namespace nidus
{
/**
 * The joint prior: independent parameters, and groups of fractions with a Dirichlet distribution.
 *
 * Methods work in coordinates that are independent under the prior: uniform on (0, 1) ("unit") or standard normal
 * ("scores"). There is one for each parameter, and one less than its fractions for each group, which breaks a stick of
 * length one: fraction k is a Beta part of what the fractions before it left (Gelman et al., Bayesian Data Analysis,
 * 3rd ed., section 22.1), so all parameters follow from the coordinates and the sum is one.
 */
class Prior
{
public:
  void add(const std::string &name, const Marginal &marginal);

  /// Fractions that sum to one, with the @p concentrations of a Dirichlet distribution, all above 0; at least two.
  /// Throws InputError, with @p entry as the place.
  void add_group(const std::vector<std::string> &names, const std::vector<double> &concentrations,
                 const std::string &entry);

  /// Names of the parameters, in the order in which they were added.
  const std::vector<std::string> &names() const { return parameter_names; }
  std::size_t n_parameters() const { return parameter_names.size(); }
  std::size_t n_coordinates() const { return pieces.size(); }

  /// Name of the parameter that coordinate @p i is about; of a group "name within its group".
  std::string coordinate_name(std::size_t i) const;

  /// Of coordinate @p i: of its parameter, or of a part of the stick.
  const Marginal &marginal(std::size_t i) const { return pieces[i].marginal; }

  /// The parameter that coordinate @p i is or, of a group, belongs to.
  std::size_t parameter_of(std::size_t i) const { return pieces[i].parameter; }
  bool is_of_group(std::size_t i) const { return pieces[i].of_stick; }

  /// Whether parameter @p p cannot be negative, so that its logarithm is a natural scale.
  bool is_positive(std::size_t p) const;

  /// [parameter] of [coordinate] and back.
  std::vector<double> from_unit(const std::vector<double> &unit) const;
  std::vector<double> to_unit(const std::vector<double> &parameters) const;
  std::vector<double> from_scores(const std::vector<double> &scores) const;
  std::vector<double> to_scores(const std::vector<double> &parameters) const;

  /// The density in the parameters without the last of each group, which follows from the others.
  double log_density(const std::vector<double> &parameters) const;

private:
  /// A coordinate: the marginal of a parameter, or of a part of the stick.
  struct Piece
  {
    Marginal marginal;
    std::size_t parameter;
    bool of_stick = false, first_of_stick = false, last_of_stick = false;
  };
  template <typename Transport>
  std::vector<double> to_parameters(const Transport &transport) const;
  template <typename Transport>
  std::vector<double> to_coordinates(const std::vector<double> &parameters, const Transport &transport) const;

  std::vector<std::string> parameter_names;
  std::vector<Piece> pieces;
};
} // namespace nidus
