#include "agents/agent_parameters.h"
#include "control/input_error.h"
#include "control/parameter_file.h"

#include <deal.II/base/parameter_handler.h>

#include <catch2/catch.hpp>

using namespace nidus;

namespace
{
const std::string valid = R"(
subsection Agents
  subsection Mechanics
    set Adhesion range = 1.3
  end
  subsection csc
    set Group = tumour
    set Radius = 7.5
    set Speed = 0.2
    set Initial density = septum: 1e-6
    set Initial state = migrating
    set Haptotaxis = fibronectin: 1
    set Adhesion with = hpc: 1.5
    subsection Receptors
      subsection cxcr4
        set Ligands = sdf1: 1, bound_sdf1: 0.5
        set Consumed ligand = sdf1
        set Internalisation rate = 0.198
        set Sensitivity = 6
      end
    end
    subsection States
      subsection migrating
      end
      subsection engaged
        set Speed factor = 0
        set Secretion = sdf1: 120
        set Saturating secretion = fibronectin: 5.4
      end
    end
    subsection Transitions
      subsection engage
        set From = migrating
        set To = engaged
        set Base rate = 5.9e-6
        set Weights = bound: 1, clustered: 1.25
        set Factors = clustered
        set At least = clustered: 0.1
        set At most = waiting: 0.9
      end
      subsection divide
        set From = engaged
        set To = division
        set Base rate = 4.63e-4
        set Daughters = csc.engaged + csc.engaged: 0.1, csc.engaged + hpc.resident: 0.85, hpc.resident + hpc.resident: 0.05
      end
      subsection leave
        set From = migrating
        set To = departure
        set Base rate = 1e-5
      end
    end
  end
  subsection hpc
    set Speed = 3
    set Persistence time = 5
    subsection States
      subsection resident
      end
    end
  end
end
subsection Signals
  subsection bound
    set Kind = occupancy
    set Of = cxcr4
  end
  subsection clustered
    set Kind = neighbours
    set Neighbours = hpc, csc.engaged
    set Radius = 45
    set Response = exponential
    set Scale = 3
  end
  subsection waiting
    set Kind = time_in_state
    set Scale = 2880
  end
  subsection systemic
    set Kind = blood
    set Of = vegf
  end
end
)";

const OutsideNames outside{{"sdf1", "bound_sdf1", "fibronectin"}, {"vegf"}, {"septum"}};

/// The valid file, with one entry set otherwise ("Section/Entry=value") or text added.
AgentParameters read(const std::string &override = "", const std::string &added = "")
{
  auto file = ParameterFile::parse(valid + added);
  if (!override.empty())
    file.add_override(override);
  AgentParameters agents;
  dealii::ParameterHandler handler;
  agents.declare(file, handler);
  file.assign_to(handler);
  agents.resolve(outside);
  return agents;
}

/// Passes when the entry is refused with a message that contains all of @p parts.
void check_refused(const std::string &override, const std::vector<std::string> &parts, const std::string &added = "")
{
  INFO(override << added);
  try
  {
    read(override, added);
    FAIL("was accepted");
  }
  catch (const InputError &error)
  {
    for (const auto &part : parts)
      CHECK_THAT(error.what(), Catch::Contains(part));
  }
}

const std::string engage = "Agents/csc/Transitions/engage/", divide = "Agents/csc/Transitions/divide/";
} // namespace

TEST_CASE("A valid file is read and resolved", "[agents][parameters]")
{
  const auto agents = read();
  REQUIRE(agents.types.size() == 2);
  REQUIRE(agents.signals.size() == 4);
  CHECK(agents.adhesion_range == 1.3);
  const auto &csc = agents.types[0], &hpc = agents.types[1];
  CHECK((csc.name == "csc" && csc.is_tumour() && csc.radius == 7.5 && csc.initial_state_index == 0));
  CHECK((csc.haptotaxis_fields == std::vector<std::pair<int, double>>{{2, 1.0}}));
  CHECK((csc.receptors[0].ligand_fields == std::vector<std::pair<int, double>>{{0, 1.0}, {1, 0.5}}));
  CHECK((csc.receptors[0].consumed_field == 0 && csc.receptors[0].consumed_weight == 1.0));
  CHECK((csc.states[1].secreted_fields == std::vector<std::pair<int, double>>{{0, 120.0}}));
  CHECK((csc.states[1].saturating_fields == std::vector<std::pair<int, double>>{{2, 5.4}}));
  CHECK(csc.transitions[0].base_rate == 5.9e-6);
  CHECK((csc.transitions[0].weighted_signals == std::vector<std::pair<int, double>>{{0, 1.0}, {1, 1.25}}));
  CHECK((csc.transitions[0].from_state == 0 && csc.transitions[0].to_state == 1));
  CHECK((csc.transitions_from[0] == std::vector<int>{0, 2} && csc.transitions_from[1] == std::vector<int>{1}));
  CHECK(csc.transitions[1].outcome == Outcome::division);
  CHECK(csc.transitions[1].fates.size() == 3);
  CHECK(csc.transitions[2].outcome == Outcome::departure);
  CHECK((csc.receptor_of_signal[0] == 0 && hpc.receptor_of_signal[0] == -1));
  CHECK((csc.crawls(0) && !csc.crawls(1) && hpc.crawls(0)));
  CHECK((agents.signals[1].neighbour_states == std::vector<std::pair<int, int>>{{1, -1}, {0, 1}}));
  CHECK(agents.signal_reach() == 45.0);
  CHECK(agents.mechanical_reach() == Approx(1.3 * 2.0 * hpc.radius));
  CHECK(agents.interaction_radius() == 45.0);
}

TEST_CASE("References to what does not exist name both ends", "[agents][parameters]")
{
  check_refused(engage + "Weights=bound: 1, stiffness: 2", {engage + "Weights", "stiffness", "bound, clustered"});
  check_refused(engage + "Factors=stiffness", {engage + "Factors", "stiffness", "clustered"});
  check_refused(engage + "At least=stiffness: 0.5", {engage + "At least", "stiffness"});
  check_refused(engage + "At most=stiffness: 0.5", {engage + "At most", "stiffness"});
  check_refused(engage + "From=arrested", {engage + "From", "arrested", "migrating, engaged"});
  check_refused(engage + "To=dormant", {engage + "To", "dormant", "migrating, engaged, death, departure, division"});
  check_refused(engage + "To=tum.dormant", {engage + "To", "tum", "csc, hpc"});
  check_refused(engage + "To=hpc.", {engage + "To", "resident"});
  check_refused("Agents/csc/Initial state=sleeping", {"Agents/csc/Initial state", "sleeping", "migrating, engaged"});
  check_refused("Agents/csc/Initial density=bone: 1e-6", {"Agents/csc/Initial density", "bone", "septum"});
  check_refused("Agents/csc/Haptotaxis=collagen: 1", {"Agents/csc/Haptotaxis", "collagen", "fibronectin"});
  check_refused("Agents/csc/Adhesion with=tum: 1", {"Agents/csc/Adhesion with", "tum", "csc, hpc"});
  check_refused("Agents/csc/Receptors/cxcr4/Ligands=sdf2: 1", {"Agents/csc/Receptors/cxcr4/Ligands", "sdf2", "sdf1"});
  check_refused("Agents/csc/Receptors/cxcr4/Consumed ligand=fibronectin",
                {"Agents/csc/Receptors/cxcr4/Consumed ligand", "fibronectin", "bound_sdf1, sdf1"});
  check_refused("Agents/csc/States/engaged/Secretion=tgfb: 3",
                {"Agents/csc/States/engaged/Secretion", "tgfb", "sdf1, bound_sdf1, fibronectin"});
  check_refused("Agents/csc/States/engaged/Saturating secretion=tgfb: 3",
                {"Agents/csc/States/engaged/Saturating secretion", "tgfb"});
  check_refused("Signals/systemic/Of=tnf", {"Signals/systemic/Of", "tnf", "vegf"});
  check_refused("Signals/bound/Of=vegfr1", {"Signals/bound/Of", "vegfr1", "cxcr4"});
  check_refused("Signals/bound/Kind=field", {"Signals/bound/Of", "cxcr4", "sdf1, bound_sdf1, fibronectin"});
  check_refused("Signals/clustered/Neighbours=hpc, fib", {"Signals/clustered/Neighbours", "fib", "csc, hpc"});
  check_refused("Signals/clustered/Neighbours=csc.asleep",
                {"Signals/clustered/Neighbours", "asleep", "migrating, engaged"});
}

TEST_CASE("A signal of a receptor is usable only by types that have it", "[agents][parameters]")
{
  const std::string added = R"(
subsection Agents
  subsection hpc
    subsection Transitions
      subsection go
        set From = resident
        set To = departure
        set Base rate = 1e-3
        set Weights = bound: 1
      end
    end
  end
end
)";
  check_refused("", {"Agents/hpc/Transitions/go/Weights", "bound", "cxcr4", "Agents/hpc/Receptors/cxcr4"}, added);
}

TEST_CASE("Impossible divisions", "[agents][parameters]")
{
  check_refused(divide + "Daughters=csc.engaged + csc.engaged: 0.5", {divide + "Daughters", "0.5", "sum to 1"});
  check_refused(divide + "Daughters=csc.engaged + csc.engaged: 1.5", {divide + "Daughters", "1.5"});
  check_refused(divide + "Daughters=csc.engaged: 1", {divide + "Daughters", "csc.engaged", "type.state + type.state"});
  check_refused(divide + "Daughters=csc + hpc.resident: 1", {divide + "Daughters", "csc + hpc.resident", "state"});
  check_refused(divide + "Daughters=csc.asleep + hpc.resident: 1", {divide + "Daughters", "asleep"});
  check_refused(divide + "Daughters=", {divide + "Daughters", "csc", "type.state"});
  check_refused(engage + "Daughters=csc.engaged + csc.engaged: 1", {engage + "Daughters", "To = division"});
}

TEST_CASE("What cannot be meant", "[agents][parameters]")
{
  check_refused(engage + "To=migrating", {engage + "To", "migrating", "other than From"});
  check_refused(engage + "To=csc.migrating", {engage + "To", "other than From"});
  check_refused(engage + "Base rate=-1e-3", {engage + "Base rate", "-1e-3", "1/min"});
  check_refused(engage + "Weights=bound: 500", {engage + "Weights", "500"});
  check_refused(engage + "At most=clustered: 0.05", {engage + "At most", "clustered", "never opens"});
  check_refused(engage + "At least=clustered: 1.5", {engage + "At least", "1.5"});
  check_refused("Agents/csc/Initial state=", {"Agents/csc/Initial state", "migrating, engaged"});
  check_refused("Agents/csc/Lining density=1e-5", {"Agents/csc/Lining distance", "positive"});
  check_refused("Agents/csc/Speed=0", {"Agents/csc/Speed", "gradients"});
  check_refused("Agents/csc/Radius=-3", {"Agents/csc/Radius", "-3"});
  check_refused("Agents/csc/Group=immune", {"Agents/csc/Group", "immune", "tumour"});
  check_refused("Agents/csc/Walk=levy", {"Agents/csc/Walk", "levy", "biased direction"});
  check_refused("Agents/csc/Direction bias=0.5", {"Agents/csc/Direction bias", "0.5", "Walk = biased direction"});
  check_refused("Agents/csc/Persistence time=0", {"Agents/csc/Persistence time", "0"});
  check_refused("Agents/csc/Maximum divisions=-1", {"Agents/csc/Maximum divisions", "-1"});
  check_refused("Agents/csc/Receptors/cxcr4/Dissociation constant=0", {"Dissociation constant"});
  check_refused("Agents/csc/Receptors/cxcr4/Ligands=", {"Agents/csc/Receptors/cxcr4/Ligands", "binds"});
  check_refused("Signals/waiting/Of=sdf1", {"Signals/waiting/Of", "sdf1", "remove"});
  check_refused("Signals/waiting/Scale=0", {"Signals/waiting/Scale"});
  check_refused("Signals/clustered/Neighbours=", {"Signals/clustered/Neighbours", "csc, hpc"});
  check_refused("Agents/csc/Sped=3", {"Agents/csc/Sped", "did you mean 'Speed'"});
}

TEST_CASE("Names that references could not tell apart, and types without states", "[agents][parameters]")
{
  const auto with = [](const std::string &lines) { return "\nsubsection Agents\n" + lines + "\nend\n"; };
  check_refused("", {"Agents/empty/States", "at least one state"}, with("subsection empty\nend"));
  check_refused("", {"Agents", "c.s", "rename"}, with("subsection c.s\nend"));
  check_refused("", {"Agents/x/States", "my state", "rename"},
                with("subsection x\nsubsection States\nsubsection my state\nend\nend\nend"));
  check_refused("", {"Agents/x/States/death", "death", "rename"},
                with("subsection x\nsubsection States\nsubsection death\nend\nend\nend"));
}

TEST_CASE("Every entry is documented with its unit", "[agents][parameters]")
{
  const auto file = ParameterFile::parse(valid);
  AgentParameters agents;
  dealii::ParameterHandler handler;
  agents.declare(file, handler);
  std::ostringstream text;
  handler.print_parameters(text, dealii::ParameterHandler::JSON);
  const auto json = text.str();
  const auto count = [&json](const std::string &what) {
    std::size_t n = 0;
    for (auto at = json.find(what); at != std::string::npos; at = json.find(what, at + 1))
      ++n;
    return n;
  };
  CHECK(count("\"documentation\"") > 80);
  CHECK(count("\"documentation\"") == count(" Unit: "));
}
