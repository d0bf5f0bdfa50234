#include "control/allowed_values.h"
#include "control/input_error.h"
#include "control/parameter_file.h"

#include <catch2/catch.hpp>

using namespace nidus;
using Catch::Matchers::Contains;

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
  CHECK_THAT(fault_of("include other.prm\n"), Contains("include"));
  CHECK_THAT(fault_of("subsection Items\n subsection a, b\n end\nend\n"), Contains("a, b") && Contains("letters"));
}
