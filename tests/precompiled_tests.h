// Headers that most tests include and that are slow to compile.
#include <catch2/catch.hpp>
#include <deal.II/base/point.h>
#include <deal.II/base/tensor.h>

#include <cmath>
#include <string>
#include <vector>
