#pragma once

#include <optional>
#include <vector>

namespace nidus
{
/// A small dense matrix, row by row.
struct Matrix
{
  Matrix() = default;
  Matrix(const std::size_t rows, const std::size_t columns) : rows(rows), columns(columns), entries(rows * columns, 0.0)
  {
  }
  double &operator()(const std::size_t i, const std::size_t j) { return entries[i * columns + j]; }
  double operator()(const std::size_t i, const std::size_t j) const { return entries[i * columns + j]; }

  std::size_t rows = 0, columns = 0;
  std::vector<double> entries;
};

std::vector<double> product(const Matrix &matrix, const std::vector<double> &vector);
/// The transpose of @p matrix times @p vector.
std::vector<double> transposed_product(const Matrix &matrix, const std::vector<double> &vector);
double inner_product(const std::vector<double> &first, const std::vector<double> &second);

/**
 * A = L L^T by GSL and its own BLAS, which do the same operations in the same order however many threads there are: a
 * calibration that is resumed comes to the same requests.
 */
class Cholesky
{
public:
  /// Nothing when the symmetric @p matrix is not positive definite.
  static std::optional<Cholesky> of(const Matrix &matrix);

  std::vector<double> solve(std::vector<double> right) const;
  /// L^-1 times @p right.
  std::vector<double> half_solve(std::vector<double> right) const;
  /// L times @p vector.
  std::vector<double> half_product(const std::vector<double> &vector) const;
  Matrix inverse() const;
  double log_determinant() const;

private:
  explicit Cholesky(const Matrix &factor) : factor(factor) {}
  Matrix factor; ///< L in the lower triangle
};

/// Eigenvalues of a symmetric matrix, the greatest first, and the eigenvectors as columns (GSL).
struct Eigenvectors
{
  explicit Eigenvectors(Matrix matrix);
  std::vector<double> values;
  Matrix vectors;
};
} // namespace nidus
