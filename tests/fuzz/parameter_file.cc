// The grammar of parameter files: lines, subsections, includes, and assignments to declared entries of each kind.
#include "control/parameter_file.h"
#include "target.h"

using namespace nidus;

namespace
{
struct Entries
{
  double number = 1.0;
  int whole = 1;
  std::string name = "a", text;
  std::vector<double> list = {1.0};
  bool flag = false;
};

void declare(Entries &entries, dealii::ParameterHandler &handler)
{
  handler.enter_subsection("Run");
  bind(handler, "End time", entries.number, "A time.", {"min"}, allowed::positive());
  bind(handler, "Steps", entries.whole, "A number.", {"1"}, dealii::Patterns::Integer(1, 10));
  bind(handler, "Law", entries.name, "A name.", {"none"}, dealii::Patterns::Selection("a|b"));
  bind(handler, "Text", entries.text, "A text.", {"none"});
  bind(handler, "Size", entries.list, "Numbers.", {"um"}, dealii::Patterns::List(dealii::Patterns::Double(), 1, 3));
  bind(handler, "Flag", entries.flag, "Yes or no.", {"none"});
  handler.leave_subsection();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  fuzz::taken_or_refused([&] {
    // What is included is the other half of the input; a line of dashes parts them.
    const std::string input = fuzz::text_of(data, size);
    const auto border = input.find("\n----\n");
    const std::string included = border == std::string::npos ? "" : input.substr(border + 6);
    const auto file = ParameterFile::parse(input.substr(0, border), [&](const std::vector<std::string> &names) {
      return IncludedFile{names.back(), included};
    });
    file.names_below({"Run"});
    Entries entries;
    dealii::ParameterHandler handler;
    declare(entries, handler);
    file.assign_to(handler);
  });
  return 0;
}
