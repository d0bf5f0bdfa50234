#include "control/allowed_values.h"
#include "control/input_error.h"
#include "control/parameter_file.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace nidus;
using Catch::Contains;

namespace
{
struct Item
{
  std::string name;
  double rate = 1.0;
};

/// A handler with "Global" and one "Rate" for each subsection of "Items".
struct Declared
{
  explicit Declared(const ParameterFile &file)
  {
    for (const auto &name : file.names_below({"Items"}))
      items.push_back({name, 1.0});
    bind(handler, "Global", global, "A number.", {"um"}, allowed::positive());
    handler.enter_subsection("Items");
    for (auto &item : items)
    {
      handler.enter_subsection(item.name);
      bind(handler, "Rate", item.rate, "A rate.", {"1/min", "[A]", "L"}, allowed::non_negative());
      handler.leave_subsection();
    }
    handler.leave_subsection();
    file.assign_to(handler);
  }

  dealii::ParameterHandler handler;
  double global = 5.0;
  std::vector<Item> items;
};

std::string fault_of(const std::string &text)
{
  try
  {
    Declared declared(ParameterFile::parse(text));
  }
  catch (const InputError &error)
  {
    return error.what();
  }
  return "";
}
} // namespace

TEST_CASE("Named lists come from the file, in its order, with comments and continued lines", "[parameters]")
{
  const Declared declared(ParameterFile::parse("set Global = 2 # um\n"
                                               "subsection Items\n"
                                               "  subsection second\n"
                                               "    set Rate = \\\n"
                                               "      0.5\n"
                                               "  end\n"
                                               "  subsection first\n  end\n"
                                               "end\n"));
  CHECK(declared.global == 2.0);
  REQUIRE(declared.items.size() == 2);
  CHECK(declared.items[0].name == "second");
  CHECK(declared.items[0].rate == 0.5);
  CHECK(declared.items[1].rate == 1.0);
}

TEST_CASE("An override of the command line wins over the file", "[parameters]")
{
  auto file = ParameterFile::parse("subsection Items\n subsection a\n  set Rate = 3\n end\nend\n");
  file.add_override("Items/a/Rate = 4");
  CHECK(Declared(file).items[0].rate == 4.0);
  CHECK_THROWS_AS(file.add_override("nothing"), InputError);
}

TEST_CASE("What is allowed is said in words", "[parameters]")
{
  CHECK(in_words(allowed::positive().description()) == "a number above 0");
  CHECK(in_words(allowed::fraction().description()) == "a number of at least 0 and at most 1");
  CHECK(in_words(dealii::Patterns::Integer(2, 3).description()) == "a whole number of at least 2 and at most 3");
  CHECK(in_words(dealii::Patterns::Selection("block|lung lobe").description()) == "one of block, lung lobe");
  CHECK(in_words(allowed::named_numbers(0.0).description()) == "'name: value, ...', each value a number of at least 0");
  CHECK(in_words("[Something new]") == "[Something new]");
}

TEST_CASE("Faults name the place, the value, what is allowed and the cure", "[parameters]")
{
  CHECK_THAT(fault_of("set Golbal = 2\n"), Contains("line 1") && Contains("Golbal") && Contains("'Global'"));
  CHECK_THAT(fault_of("set Global = -2\n"), Contains("Global") && Contains("-2") && Contains("line 1"));
  CHECK_THAT(fault_of("set Global = two\n"), Contains("two"));
  CHECK_THAT(fault_of("subsection Items\n subsection a\n  set Rate = -1\n end\nend\n"), Contains("Items/a/Rate"));
  CHECK_THAT(fault_of("subsection Itmes\nend\n"), Contains("Itmes") && Contains("'Items'"));
  CHECK_THAT(fault_of("set Global = 1\nset Global = 2\n"), Contains("line 2") && Contains("twice"));
  CHECK_THAT(fault_of("subsection Items\n"), Contains("not closed"));
  CHECK_THAT(fault_of("end\n"), Contains("line 1"));
  CHECK_THAT(fault_of("Global = 1\n"), Contains("cannot understand"));
  CHECK_THAT(fault_of("subsection Items\n subsection a, b\n end\nend\n"), Contains("a, b") && Contains("letters"));
}

TEST_CASE("A file may stand on others, and say again what they say", "[parameters]")
{
  const std::map<std::string, std::string> files = {
      {"cells/base.prm", "set Global = 2\ninclude rates.prm\ninclude niche/empty.prm\n"},
      {"niche/empty.prm", ""},
      {"cells/rates.prm", "subsection Items\n subsection a\n  set Rate = 3\n end\nend\n"},
      {"wrong.prm", "# first line\nset Golbal = 2\n"},
      {"circle.prm", "include circle.prm\n"}};
  const auto declared = [&](const std::string &text) {
    return Declared(ParameterFile::parse(text, [&](const std::vector<std::string> &names) {
      const auto found =
          std::find_if(names.begin(), names.end(), [&](const auto &name) { return files.count(name) > 0; });
      return IncludedFile{*found, files.at(*found)};
    }));
  };
  const auto fault = [&](const std::string &text) -> std::string {
    try
    {
      declared(text);
    }
    catch (const InputError &error)
    {
      return error.what();
    }
    return "";
  };
  const auto all = declared("include cells/base.prm\nset Global = 4\nsubsection Items\n subsection b\n end\nend\n");
  CHECK(all.global == 4.0);
  REQUIRE(all.items.size() == 2);
  CHECK(all.items[0].rate == 3.0);
  CHECK_THAT(fault("include wrong.prm\n"), Contains("wrong.prm, line 2") && Contains("Golbal"));
  CHECK_THAT(fault("include circle.prm\n"), Contains("includes itself"));
  for (const auto *outside : {"/etc/passwd", "../other.prm", "cells/../../other.prm"})
    CHECK_THAT(fault("include " + std::string(outside) + "\n"), Contains("below"));
  CHECK_THAT(fault("subsection Items\n include wrong.prm\nend\n"), Contains("outside of"));
}

TEST_CASE("Bytes that are no text are refused by line, and printed as numbers where a message repeats them",
          "[parameters]")
{
  CHECK_THAT(fault_of(std::string("Global\n# \0\n", 11)), Contains("line 2") && Contains("0x00"));
  CHECK_THAT(fault_of("set Global = \x1b[2J\n"), Contains("line 1") && Contains("0x1b"));
  CHECK(fault_of("# caf\xe9\r\nset Global\t= 4\n").empty());
  CHECK_THAT(InputError(std::string("a\0b\x7f", 4), "c").what(), Contains("a\\x00b\\x7f. Cure: c."));
}
