#include "organ/words.h"

#include <algorithm>
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

bool is_text(const std::string &text)
{
  return std::all_of(text.begin(), text.end(),
                     [](const char c) { return (c >= ' ' && c <= '~') || c == '\t' || c == '\n' || c == '\r'; });
}
} // namespace nidus
