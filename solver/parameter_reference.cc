#include "control/allowed_values.h"
#include "parameter_declaration.h"
#include "parameters.h"

#include <nlohmann/json.hpp>

#include <ostream>
#include <sstream>

namespace nidus
{
namespace
{
/// Lists with one element each, so that the reference shows what an element is made of.
constexpr const char *reference_outline = R"(
subsection Organ
  subsection Regions
    subsection parenchyma
    end
  end
  subsection Refinement
    subsection airways
    end
  end
end
subsection Fields
  subsection sdf1
  end
end
subsection Reactions
  subsection hspg_binding
  end
end
subsection Boundaries
  subsection capsule
  end
end
subsection Signals
  subsection fibronectin
  end
end
subsection Agents
  subsection csc
    subsection Receptors
      subsection cxcr4
      end
    end
    subsection States
      subsection migrating
      end
    end
    subsection Transitions
      subsection engage
      end
    end
  end
end
subsection Blood
  subsection Factors
    subsection vegf
    end
  end
  subsection Circulating
    subsection hpc
    end
  end
end
subsection Interventions
  subsection plerixafor
    subsection Effects
      subsection affinity
      end
    end
  end
end
subsection Observables
  subsection Positive fractions
    subsection fibronectin
    end
  end
  subsection Pair correlations
    subsection hpc_tumour
    end
  end
  subsection Blood gradients
    subsection sdf1
    end
  end
end
)";

bool is_entry(const nlohmann::ordered_json &node)
{
  return node.is_object() && node.contains("value") && node["value"].is_string();
}

void write_markdown(std::ostream &out, const nlohmann::ordered_json &node, const std::string &path)
{
  bool header = false;
  for (const auto &item : node.items())
    if (is_entry(item.value()))
    {
      if (!header)
        out << "\n## " << (path.empty() ? "Top level" : path)
            << "\n\n| entry | default | allowed | meaning |\n|---|---|---|---|\n";
      header = true;
      std::string meaning = item.value().value("documentation", ""),
                  allowed = in_words(item.value().value("pattern_description", ""));
      for (std::string *cell : {&meaning, &allowed})
        for (auto bar = cell->find('|'); bar != std::string::npos; bar = cell->find('|', bar + 2))
          cell->replace(bar, 1, "\\|");
      out << "| " << item.key() << " | `" << item.value()["value"].get<std::string>() << "` | " << allowed << " | "
          << meaning << " |\n";
    }
  for (const auto &item : node.items())
    if (!is_entry(item.value()) && item.value().is_object())
      write_markdown(out, item.value(), path.empty() ? item.key() : path + "/" + item.key());
}
} // namespace

std::string parameter_reference(const std::string &format)
{
  const ParameterFile file = ParameterFile::parse(reference_outline);
  Parameters parameters;
  dealii::ParameterHandler handler;
  declare_parameters(file, handler, parameters);
  if (format == "prm")
    return as_prm(handler);
  std::string json = as_json(handler);
  if (format == "json")
    return json;
  std::ostringstream text;
  text << "# Parameters of Nidus\n\nLists (fields, reactions, signals, agent types with their receptors, states and "
          "transitions, blood factors, circulating cells, interventions, observables) show one element; the names of "
          "elements are the user's. A number may carry another unit of the same dimension: 7 d, 60 um^2/s.\n\n"
          "`build/release/nidus parameters --format markdown > params/reference.md` writes this file.\n";
  write_markdown(text, nlohmann::ordered_json::parse(json), "");
  return text.str();
}
} // namespace nidus
