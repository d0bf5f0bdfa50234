#include "calibration/svg_chart.h"

#include "io/vtk_arrays.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

namespace nidus
{
namespace
{
constexpr double left = 56.0, right = 8.0, top = 20.0, bottom = 34.0; // pixels around the axes

std::string pixel(const double value)
{
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string label(const double x, const double y, const std::string &anchor, const std::string &words,
                  const std::string &more = "")
{
  return "<text x='" + pixel(x) + "' y='" + pixel(y) + "' text-anchor='" + anchor + "'" + more + ">" + escaped(words) +
         "</text>";
}

SvgChart::Range widened(const SvgChart::Range &range)
{
  if (range.upper > range.lower)
    return range;
  const double more = std::max(std::abs(range.lower) * 0.1, 1e-12);
  return {range.lower - more, range.lower + more};
}
} // namespace

std::string rounded(const double value)
{
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

SvgChart::Range range_of(const std::vector<double> &values)
{
  double lower = std::numeric_limits<double>::infinity(), upper = -lower;
  for (const double value : values)
    if (std::isfinite(value))
    {
      lower = std::min(lower, value);
      upper = std::max(upper, value);
    }
  if (!(upper >= lower))
    return {0.0, 1.0};
  const double more = 0.05 * (upper - lower);
  return {lower - more, upper + more};
}

SvgChart::SvgChart(const double width, const double height, const Range &x, const Range &y)
    : width(width), height(height), x_range(widened(x)), y_range(widened(y))
{
}

double SvgChart::at_x(const double value) const
{
  const double part = (value - x_range.lower) / (x_range.upper - x_range.lower);
  return left + std::clamp(part, 0.0, 1.0) * (width - left - right);
}

double SvgChart::at_y(const double value) const
{
  const double part = (value - y_range.lower) / (y_range.upper - y_range.lower);
  return height - bottom - std::clamp(part, 0.0, 1.0) * (height - top - bottom);
}

void SvgChart::line(const std::vector<double> &x, const std::vector<double> &y, const std::string &colour,
                    const bool dashed)
{
  drawn += "<polyline fill='none' stroke='" + colour + "' stroke-width='1.5'" +
           (dashed ? " stroke-dasharray='4 3'" : "") + " points='";
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i]))
      drawn += pixel(at_x(x[i])) + "," + pixel(at_y(y[i])) + " ";
  drawn += "'/>";
}

void SvgChart::band(const std::vector<double> &x, const std::vector<double> &lower, const std::vector<double> &upper,
                    const std::string &colour)
{
  std::string there, back;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(lower[i]) && std::isfinite(upper[i]))
    {
      there += pixel(at_x(x[i])) + "," + pixel(at_y(lower[i])) + " ";
      back.insert(0, pixel(at_x(x[i])) + "," + pixel(at_y(upper[i])) + " ");
    }
  drawn += "<polygon fill='" + colour + "' stroke='none' points='" + there + back + "'/>";
}

void SvgChart::points(const std::vector<double> &x, const std::vector<double> &y, const std::string &colour,
                      const double radius)
{
  for (std::size_t i = 0; i < x.size(); ++i)
    if (std::isfinite(x[i]) && std::isfinite(y[i]))
      drawn += "<circle cx='" + pixel(at_x(x[i])) + "' cy='" + pixel(at_y(y[i])) + "' r='" + pixel(radius) +
               "' fill='" + colour + "'/>";
}

void SvgChart::bar(const double x, const double half_width, const double from, const double to,
                   const std::string &colour)
{
  if (!std::isfinite(from) || !std::isfinite(to))
    return;
  const double begin = at_x(x - half_width), end = at_x(x + half_width);
  const double low = at_y(std::min(from, to)), high = at_y(std::max(from, to));
  drawn += "<rect x='" + pixel(begin) + "' y='" + pixel(high) + "' width='" + pixel(std::max(end - begin, 0.5)) +
           "' height='" + pixel(std::max(low - high, 0.5)) + "' fill='" + colour + "'/>";
}

void SvgChart::text(const double x, const double y, const std::string &text)
{
  drawn += label(at_x(x), at_y(y), "middle", text);
}

std::string SvgChart::svg(const std::string &title, const std::string &x_title, const std::string &y_title) const
{
  const double floor = height - bottom, wall = width - right;
  std::string all = "<svg xmlns='http://www.w3.org/2000/svg' width='" + pixel(width) + "' height='" + pixel(height) +
                    "' font-family='sans-serif' font-size='10'>" + drawn;
  all += "<path fill='none' stroke='#555' d='M" + pixel(left) + " " + pixel(top) + " V" + pixel(floor) + " H" +
         pixel(wall) + "'/>";
  all += label(left, floor + 12, "start", rounded(x_range.lower));
  all += label(wall, floor + 12, "end", rounded(x_range.upper));
  all += label(left - 3, floor, "end", rounded(y_range.lower));
  all += label(left - 3, top + 8, "end", rounded(y_range.upper));
  all += label(0.5 * (left + wall), 12, "middle", title, " font-weight='bold'");
  all += label(0.5 * (left + wall), height - 6, "middle", x_title);
  const double middle = 0.5 * (top + floor);
  all += label(12, middle, "middle", y_title, " transform='rotate(-90 12 " + pixel(middle) + ")'");
  return all + "</svg>\n";
}
} // namespace nidus
