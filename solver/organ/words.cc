#include "organ/words.h"

#include <sstream>

namespace nidus
{
std::vector<std::string> words_of(const std::string &line, const std::size_t most)
{
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; words.size() < most && stream >> word;)
    words.push_back(word);
  return words;
}
} // namespace nidus
