// What reactions are refused, and that the catalogue is documented.
#include "control/input_error.h"
#include "coupled_fields.h"

#include <catch2/catch.hpp>

using namespace nidus;

namespace
{
std::vector<FieldParameters> three_fields()
{
  return {test::field("a", 600.0, 0.0), test::field("b", 0.0, 0.0), test::field("c", 600.0, 0.0)};
}

ReactionParameters conversion()
{
  auto reaction = test::reaction("r", "conversion");
  reaction.substrate = "a";
  reaction.product = "b";
  reaction.rate = 0.1;
  return reaction;
}

ReactionParameters growth()
{
  auto reaction = test::reaction("r", "logistic growth");
  reaction.substrate = "a";
  reaction.rate = 0.1;
  reaction.capacity = 1.0;
  return reaction;
}

/// The message of the refusal; empty: accepted.
std::string refusal_of(const ReactionParameters &reaction, const std::vector<FieldParameters> &fields = three_fields())
{
  std::vector<ReactionParameters> reactions = {reaction};
  try
  {
    resolve_reactions(reactions, fields);
  }
  catch (const InputError &error)
  {
    return error.what();
  }
  return "";
}

bool names(const std::string &message, const std::string &entry)
{
  INFO(message);
  return message.find("Reactions/r/" + entry) != std::string::npos && message.find("Cure") != std::string::npos;
}
} // namespace

TEST_CASE("Good reactions are resolved", "[reactions]")
{
  CHECK(refusal_of(conversion()).empty());
  CHECK(refusal_of(growth()).empty());
  std::vector<ReactionParameters> reactions = {conversion()};
  resolve_reactions(reactions, three_fields());
  CHECK(reactions[0].field[role::substrate] == 0);
  CHECK(reactions[0].field[role::product] == 1);
  CHECK(reactions[0].field[role::partner] == -1);
  CHECK(reactions[0].consumes(0));
  CHECK_FALSE(reactions[0].consumes(1));
}

TEST_CASE("Reactions with numbers that are missing, unread or impossible are refused", "[reactions]")
{
  auto reaction = conversion();
  reaction.rate = std::nullopt;
  CHECK(names(refusal_of(reaction), "Rate"));
  reaction.rate = -0.1;
  CHECK(names(refusal_of(reaction), "Rate"));
  reaction = conversion();
  reaction.capacity = 2.0;
  CHECK(names(refusal_of(reaction), "Capacity"));
  reaction = growth();
  reaction.capacity = 0.0;
  CHECK(names(refusal_of(reaction), "Capacity"));
  reaction = test::reaction("r", "Hill inhibition");
  reaction.partner = "a";
  reaction.product = "b";
  reaction.rate = 1.0;
  reaction.half_saturation = 1.0;
  reaction.exponent = 0.9;
  CHECK(names(refusal_of(reaction), "Hill exponent"));
  reaction.exponent = 1.0;
  CHECK(refusal_of(reaction).empty());
  reaction.half_saturation = 0.0;
  CHECK(names(refusal_of(reaction), "Half saturation"));
}

TEST_CASE("Reactions with fields that are missing, unread, unknown or the same are refused", "[reactions]")
{
  auto reaction = conversion();
  reaction.product = "a";
  CHECK(names(refusal_of(reaction), "Product"));
  reaction.product = "d";
  CHECK(names(refusal_of(reaction), "Product"));
  reaction.product = "";
  CHECK(names(refusal_of(reaction), "Product"));
  reaction = conversion();
  reaction.partner = "c";
  CHECK(names(refusal_of(reaction), "Partner"));
}

TEST_CASE("Amounts are exchanged between fields of one unit and one volume only", "[reactions]")
{
  auto fields = three_fields();
  fields[1].unit = "1";
  CHECK(names(refusal_of(conversion(), fields), "Product"));
  fields = three_fields();
  fields[1].interstitial = false;
  CHECK(names(refusal_of(conversion(), fields), "Product"));
  // What only regulates or catalyses may have any unit.
  auto loss = test::reaction("r", "catalysed loss");
  loss.substrate = "a";
  loss.partner = "b";
  loss.rate = 1.0;
  fields[1].unit = "1";
  CHECK(refusal_of(loss, fields).empty());
}
