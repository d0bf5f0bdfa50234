#pragma once

#include <string>
#include <vector>

namespace nidus
{
/// A number as a person reads it, three digits.
std::string rounded(double value);

/**
 * A small picture with two axes as inline SVG, drawn from the back to the front. What is not a number is left out, and
 * nothing is drawn outside of the axes.
 */
class SvgChart
{
public:
  struct Range
  {
    double lower, upper;
  };

  /// @p width and @p height in pixels. An empty range is made wider.
  SvgChart(double width, double height, const Range &x, const Range &y);

  void line(const std::vector<double> &x, const std::vector<double> &y, const std::string &colour, bool dashed = false);
  /// Between @p lower and @p upper.
  void band(const std::vector<double> &x, const std::vector<double> &lower, const std::vector<double> &upper,
            const std::string &colour);
  void points(const std::vector<double> &x, const std::vector<double> &y, const std::string &colour, double radius);
  void bar(double x, double half_width, double from, double to, const std::string &colour);
  void text(double x, double y, const std::string &text);

  /// With the axes, the ends of which are labelled, and titles.
  std::string svg(const std::string &title, const std::string &x_title, const std::string &y_title) const;

private:
  double at_x(double value) const;
  double at_y(double value) const;

  double width, height;
  Range x_range, y_range;
  std::string drawn;
};

/// The range of numbers, and a twentieth more at both ends; of those that are finite.
SvgChart::Range range_of(const std::vector<double> &values);
} // namespace nidus
