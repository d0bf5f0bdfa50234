#pragma once

#include <string>

namespace nidus
{
/**
 * What is wrong with the sets of elements in an Abaqus file of so many @p bytes; empty: nothing. The reader of
 * deal.II 9.4 adds numbers to a set for ever where a line of it holds something else, or where a generated one has no
 * step upwards.
 */
std::string abaqus_fault(const std::string &file, double bytes);
} // namespace nidus
