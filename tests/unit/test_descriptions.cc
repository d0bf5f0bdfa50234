#include "control/nearest_name.h"
#include "described_agents.h"
#include "described_fields.h"
#include "described_treatments.h"
#include "io/aligned_table.h"

#include <catch2/catch.hpp>

#include <cmath>

using namespace nidus;
using Catch::Contains;

TEST_CASE("Mean waiting times without signals and with all of them", "[description]")
{
  TransitionParameters transition;
  transition.base_rate = 1e-3;
  transition.weights = {{"niche", 1.0}, {"drug", -3.0}};
  CHECK(mean_waiting_time(transition, 0.0) == Approx(1000.0));
  CHECK(mean_waiting_time(transition, 1.0) == Approx(1000.0 * std::exp(2.0)));
  transition.factors = {"contact"};
  CHECK(std::isinf(mean_waiting_time(transition, 0.0)));
  transition.at_most = {{"crowding", 0.5}};
  CHECK(std::isinf(mean_waiting_time(transition, 1.0)));
  transition.factors.clear();
  CHECK(mean_waiting_time(transition, 0.0) == Approx(1000.0));
  transition.at_least = {{"contact", 0.2}};
  CHECK(std::isinf(mean_waiting_time(transition, 0.0)));
}

TEST_CASE("Screening lengths have the volume fraction, the exchange and the least diffusivity", "[description]")
{
  FieldParameters field;
  field.diffusivity_by_region = {{"lung", 3600.0}};
  field.decay_rate = 0.01;
  RegionParameters region;
  region.name = "lung";
  region.interstitial_fraction = 0.25;
  CHECK(screening_length<3>(field, region) == Approx(600.0));
  field.exchange_by_region = {{"lung", 0.0075}};
  CHECK(screening_length<3>(field, region) == Approx(300.0));
  region.diffusion_factors = {1.0, 4.0, 0.25, 0.0, 0.0, 0.0};
  CHECK(screening_length<3>(field, region) == Approx(150.0));
}

TEST_CASE("Fields that the mesh does not resolve are warned of", "[description]")
{
  FieldsParameters fields;
  fields.fields.resize(1);
  fields.fields[0].name = "sdf1";
  fields.fields[0].decay_rate = 0.01;
  fields.fields[0].diffusivity_by_region = {{"lung", 3600.0}};
  RegionParameters region;
  region.name = "lung";
  const auto coarse = describe_fields<3>(fields, {region}, 121.0, 30.0);
  REQUIRE(coarse.warnings.size() == 1);
  CHECK_THAT(coarse.warnings[0], Contains("sdf1") && Contains("lung") && Contains("120 um"));
  CHECK(describe_fields<3>(fields, {region}, 119.0, 30.0).warnings.empty());
}

TEST_CASE("Interventions stand on a time line", "[description]")
{
  Interventions interventions;
  InterventionParameters drug;
  drug.name = "drug";
  drug.windows = {{0.0, 1440.0}, {2880.0, 4320.0}};
  InterventionParameters bolus;
  bolus.name = "cells";
  bolus.kind = "bolus";
  bolus.dose_list = {{0.0, 100.0}, {4319.0, 100.0}};
  interventions.list = {drug, bolus};
  const auto lines = describe_interventions(interventions, 5760.0);
  REQUIRE(lines.size() == 3);
  const std::string on(14, '#'), off(14, '.');
  CHECK_THAT(lines[1], Contains(" " + on + off + on + off + " "));
  CHECK_THAT(lines[2], Contains(" v" + std::string(40, '.') + "v" + off + " "));
}

TEST_CASE("Tables for readers are aligned", "[description]")
{
  AlignedTable table({"a", "number"});
  CHECK(table.empty());
  table.add({"longer", "1"});
  table.add({"b"});
  CHECK(table.lines() == std::vector<std::string>{"  a       number", "  longer  1", "  b"});
  CHECK(time_in_words(90.0) == "90 min");
  CHECK(time_in_words(180.0) == "3 h");
  CHECK(time_in_words(10080.0) == "7 d");
  CHECK(time_in_words(HUGE_VAL) == "never");
}

TEST_CASE("A name that is nearly right is guessed, another is not", "[description]")
{
  const std::vector<std::string> names = {"sdf1", "vegf", "fibronectin"};
  CHECK(did_you_mean("vgef", names, "correct it") == "did you mean 'vegf'? Otherwise correct it");
  CHECK(did_you_mean("Fibronektin", names, "correct it") == "did you mean 'fibronectin'? Otherwise correct it");
  CHECK(did_you_mean("collagen", names, "correct it") == "correct it");
  CHECK(did_you_mean("", names, "correct it") == "correct it");
  CHECK(did_you_mean("x", {"y"}, "correct it") == "correct it");
}
