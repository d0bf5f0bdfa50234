#include "control/input_error.h"
#include "control/named_list.h"
#include "control/parameter_file.h"
#include "control/unit.h"
#include "control/units.h"
#include "fields/field_parameters.h"
#include "systemic/blood_parameters.h"
#include "systemic/interventions.h"

#include <catch2/catch.hpp>

using namespace nidus;
using Catch::Contains;

namespace
{
double conversion(const std::string &from, const std::string &to)
{
  return Unit::parse(from).value().in(Unit::parse(to).value()).value();
}

/// What a file says of fields, blood and interventions, and what the entries of the sections then hold.
struct Read
{
  explicit Read(const std::string &text, const std::string &override = "")
  {
    auto file = ParameterFile::parse(text);
    if (!override.empty())
      file.add_override(override);
    fields.declare(file, handler);
    blood.declare(file, handler);
    interventions.declare(file, handler);
    file.assign_to(handler);
  }

  dealii::ParameterHandler handler;
  FieldsParameters fields;
  BloodParameters blood;
  Interventions interventions;
};

std::string of_field(const std::string &lines)
{
  return "subsection Fields\n subsection sdf1\n" + lines + " end\nend\n";
}

FieldParameters field(const std::string &lines)
{
  return Read(of_field(lines)).fields.fields.at(0);
}

std::string fault_of(const std::string &text)
{
  try
  {
    const Read read(text);
  }
  catch (const InputError &error)
  {
    return error.what();
  }
  return "";
}
} // namespace

TEST_CASE("Units of this field of science stand beside those of the database", "[quantities]")
{
  CHECK(conversion("um^2/s", "um^2/min") == Approx(60.0));
  CHECK(conversion("nM", "mol/L") == Approx(1e-9));
  CHECK(conversion("molecules/um^3", "nM") == Approx(units::nanomolar_um3).epsilon(1e-9));
  CHECK(conversion("kDa", "g/mol") == Approx(1000.0));
  CHECK(conversion("cells/mL", "1/mL") == Approx(1.0));
  CHECK(conversion("%", "1") == Approx(0.01));
  CHECK_FALSE(Unit::parse("furlongs per parsnip"));
  CHECK_FALSE(Unit::parse("um").value().in(Unit::parse("min").value()));
  // UDUNITS itself converts between a unit and its inverse.
  CHECK_FALSE(Unit::parse("min").value().in(Unit::parse("1/min").value()));
}

TEST_CASE("Values with units become numbers in the unit of their entry", "[quantities]")
{
  CHECK(field("set Diffusivity = 60 um^2/s\n").diffusivity == "3600");
  CHECK(field("set Diffusivity = 6e-7cm^2/s\n").diffusivity == "3600");
  CHECK(field("set Diffusivity = 3600\n").diffusivity == "3600");
  CHECK(field("set Diffusivity = lung: 60 um^2/s, airway: 0\n").diffusivity == "lung: 3600, airway: 0");
  CHECK(field("set Decay rate = 0.6 /h\n").decay_rate == Approx(0.01).epsilon(1e-14));
  CHECK(field("set Decay rate = 0.6 1/h\n").decay_rate == Approx(0.01).epsilon(1e-14));
  CHECK(field("set Vessel permeability = 1e-6 cm/s\n").vessel_permeability == Approx(0.6).epsilon(1e-14));
  CHECK(field("set Initial value = 2 uM\n").initial == "2000");
  CHECK(field("set Unit = 1\n set Initial value = 5 %\n").initial == "0.05");
  const Read overridden(of_field("set Decay rate = 3\n"), "Fields/sdf1/Decay rate=1 1/h");
  CHECK(overridden.fields.fields[0].decay_rate == Approx(1.0 / 60.0).epsilon(1e-14));
}

TEST_CASE("Formulas, names and files are not taken for numbers with units", "[quantities]")
{
  for (const std::string formula : {"1/x", "2 - x", "1e-3 * t", "if(x < 3, 1, 2)", "exp(-x/5)"})
    CHECK(field("set Initial value = " + formula + "\n").initial == formula);
  CHECK(field("set Label = 7 d\n").label == "7 d");
  CHECK(Read("subsection Blood\n subsection Tumour\n set Table = 7d.csv\n end\nend\n").blood.tumour.table.file ==
        "7d.csv");
}

TEST_CASE("A mass is an amount where the molar mass is said", "[quantities]")
{
  const std::string mass = " set Molar mass = 8 kDa\n";
  // 1 ng/mL = 1e-6 g/L; over 8000 g/mol: 0.125 nM.
  CHECK(field(mass + "set Initial value = 1 ng/mL\n").initial == "0.125");
  CHECK(field(" set Molar mass = 8000 g/mol\n set Upper bound = 1 ng/mL\n").upper_bound == "0.125");
  CHECK(Read(of_field(mass) + "subsection Boundaries\n subsection wall\n set Field = sdf1\n set Value = 8 ug/L\n"
                              " end\nend\n")
            .fields.boundaries[0]
            .value == "1");
  const std::string factor = "subsection Blood\n subsection Factors\n subsection vegf\n set Molar mass = 40\n";
  const Read blood(factor + "set Baseline = 2 ng/mL\n set Tumour secretion = 40 fg/h\n end\n end\nend\n");
  CHECK(blood.blood.factors[0].baseline == Approx(0.05).epsilon(1e-14));
  // 40 fg/h of 40 kDa: 1e-18 mol/h.
  CHECK(blood.blood.factors[0].tumour_secretion == Approx(6.02214076e23 * 1e-18 / 60.0).epsilon(1e-14));
  CHECK_THAT(fault_of(of_field("set Initial value = 1 ng/mL\n")),
             Contains("line 3") && Contains("Fields/sdf1/Initial value") && Contains("1 ng/mL") &&
                 Contains("'Fields/sdf1/Molar mass'"));
}

TEST_CASE("Times and amounts of interventions have their units", "[quantities]")
{
  const auto entry = [](const std::string &lines) {
    return Read("subsection Interventions\n subsection drug\n" + lines + " end\nend\n").interventions.list.at(0);
  };
  CHECK(entry("set Schedule = 7 d to 14 d, 28 d\n").schedule == "10080 to 20160, 40320");
  CHECK(entry("set Doses = 1 d: 0.5 uM, 2 d: 100 nM\n").doses == "1440: 500, 2880: 100");
  CHECK(entry("set Kind = bolus\n set Doses = 1 h: 200 cells\n").doses == "60: 200");
  CHECK(entry("set Half-life = 3 h\n").half_life == 180.0);
}

TEST_CASE("What does not fit is refused with entry, value, what is allowed and the cure", "[quantities]")
{
  const auto fault = [](const std::string &line) { return fault_of(of_field("set " + line + "\n")); };
  CHECK_THAT(fault("Diffusivity = 60 um/s"), Contains("line 3") && Contains("'Fields/sdf1/Diffusivity' = '60 um/s'") &&
                                                 Contains("um^2/min") && Contains("dimension") && Contains("Cure:"));
  CHECK_THAT(fault("Decay rate = 10 min"), Contains("another dimension than 1/min"));
  CHECK_THAT(fault("Decay rate = 10 1/mni"), Contains("1/mni") && Contains("no known unit"));
  CHECK_THAT(fault("Decay rate = 10 3/min"), Contains("10 3/min"));
  CHECK_THAT(fault("Diffusivity = lung: 60 um^2/s, liver: 50"), Contains("all have a unit") && Contains("'50'"));
  CHECK_THAT(fault("Unit = 1\n set Initial value = 1 nM"), Contains("another dimension than 1"));
  CHECK_THAT(fault("Decay rate = -1 1/h"), Contains("'-1 1/h'") && Contains("of at least 0"));
  CHECK_THAT(fault("Molar mass = 3 um"), Contains("kDa"));
  CHECK_THAT(fault_of("subsection Field solver\n set Newton iterations = 5 min\nend\n"),
             Contains("bare numbers") && Contains("remove 'min'"));
}
