#include "io/vtk_text.h"

namespace nidus
{
void join_pieces(std::string &text, const RankGroups &groups)
{
  const std::string closing = "</Piece>";
  const std::size_t begin = text.find("<Piece "), end = text.rfind(closing);
  if (begin == std::string::npos || end == std::string::npos)
    throw std::logic_error("a file of VTK without a piece");
  const std::string foot = text.substr(end + closing.size());
  text.erase(end + closing.size());
  if (groups.leads())
    text += "\n";
  else
    text = text.substr(begin) + "\n";
  groups.gather(text);
  if (groups.leads())
    text += foot;
}
} // namespace nidus
