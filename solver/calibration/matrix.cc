#include "calibration/matrix.h"

#include "calibration/quiet_gsl.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>

#include <cmath>
#include <memory>

namespace nidus
{
std::vector<double> product(const Matrix &matrix, const std::vector<double> &vector)
{
  std::vector<double> result(matrix.rows, 0.0);
  for (std::size_t i = 0; i < matrix.rows; ++i)
    for (std::size_t j = 0; j < matrix.columns; ++j)
      result[i] += matrix(i, j) * vector[j];
  return result;
}

std::vector<double> transposed_product(const Matrix &matrix, const std::vector<double> &vector)
{
  std::vector<double> result(matrix.columns, 0.0);
  for (std::size_t i = 0; i < matrix.rows; ++i)
    for (std::size_t j = 0; j < matrix.columns; ++j)
      result[j] += matrix(i, j) * vector[i];
  return result;
}

double inner_product(const std::vector<double> &first, const std::vector<double> &second)
{
  double sum = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i)
    sum += first[i] * second[i];
  return sum;
}

std::optional<Cholesky> Cholesky::of(const Matrix &matrix)
{
  Cholesky result(matrix);
  const QuietGsl quiet;
  auto view = gsl_matrix_view_array(result.factor.entries.data(), matrix.rows, matrix.rows);
  if (gsl_linalg_cholesky_decomp1(&view.matrix) != GSL_SUCCESS)
    return {};
  for (std::size_t i = 0; i < matrix.rows; ++i)
    if (!std::isfinite(result.factor(i, i)) || !(result.factor(i, i) > 0.0))
      return {};
  return result;
}

std::vector<double> Cholesky::half_solve(std::vector<double> right) const
{
  const auto view = gsl_matrix_const_view_array(factor.entries.data(), factor.rows, factor.rows);
  auto vector = gsl_vector_view_array(right.data(), right.size());
  gsl_blas_dtrsv(CblasLower, CblasNoTrans, CblasNonUnit, &view.matrix, &vector.vector);
  return right;
}

std::vector<double> Cholesky::solve(std::vector<double> right) const
{
  const auto view = gsl_matrix_const_view_array(factor.entries.data(), factor.rows, factor.rows);
  auto vector = gsl_vector_view_array(right.data(), right.size());
  gsl_linalg_cholesky_svx(&view.matrix, &vector.vector);
  return right;
}

std::vector<double> Cholesky::half_product(const std::vector<double> &vector) const
{
  std::vector<double> result(factor.rows, 0.0);
  for (std::size_t i = 0; i < factor.rows; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      result[i] += factor(i, j) * vector[j];
  return result;
}

Matrix Cholesky::inverse() const
{
  Matrix result = factor;
  auto view = gsl_matrix_view_array(result.entries.data(), factor.rows, factor.rows);
  gsl_linalg_cholesky_invert(&view.matrix);
  return result;
}

double Cholesky::log_determinant() const
{
  double sum = 0.0;
  for (std::size_t i = 0; i < factor.rows; ++i)
    sum += 2.0 * std::log(factor(i, i));
  return sum;
}

Eigenvectors::Eigenvectors(Matrix matrix) : values(matrix.rows), vectors(matrix.rows, matrix.rows)
{
  const std::size_t n = matrix.rows;
  const std::unique_ptr<gsl_eigen_symmv_workspace, void (*)(gsl_eigen_symmv_workspace *)> work(gsl_eigen_symmv_alloc(n),
                                                                                               gsl_eigen_symmv_free);
  auto view = gsl_matrix_view_array(matrix.entries.data(), n, n);
  auto of_values = gsl_vector_view_array(values.data(), n);
  auto of_vectors = gsl_matrix_view_array(vectors.entries.data(), n, n);
  gsl_eigen_symmv(&view.matrix, &of_values.vector, &of_vectors.matrix, work.get());
  gsl_eigen_symmv_sort(&of_values.vector, &of_vectors.matrix, GSL_EIGEN_SORT_VAL_DESC);
}
} // namespace nidus
