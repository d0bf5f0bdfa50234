#pragma once

#include <string>

namespace nidus
{
struct AbaqusFile
{
  std::string text;  ///< without empty lines and without the blanks and commas at the end of lines, of which the reader
                     ///< of deal.II 9.4 makes elements with the number 0; with a number that is alone in its line twice
  std::string fault; ///< what is wrong with it; empty: nothing
};

/**
 * An Abaqus file of so many @p bytes as the reader of deal.II can take it: that looks up elements by their place in the
 * file instead of their number, whether they are there or not, and adds numbers to a set for ever where a line of it
 * holds something else or where a generated one has no step upwards. @p dim is that of the cells.
 */
AbaqusFile abaqus_file(const std::string &file, double bytes, unsigned int dim);
} // namespace nidus
