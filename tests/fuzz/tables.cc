// Tables: the first line says whether times with values follow, positions of agents as in a file, or a list of them.
#include "agents/initial_positions.h"
#include "systemic/time_table.h"
#include "target.h"

using namespace nidus;

namespace
{
void read_times(const std::string &text)
{
  TimeTable table;
  table.file = "table.csv";
  table.text = text;
  table.parse("Blood/Tumour/Table", 100.0);
  for (const double time : {0.0, 33.0, 100.0})
    if (!(table.at(time) >= 0.0))
      throw std::logic_error("a table with values of at least 0 has another one");
}

void read_positions(const std::string &kind, const std::string &text)
{
  AgentTypeParameters type;
  type.name = "csc";
  type.states.resize(2);
  type.states[0].name = "migrating";
  type.states[1].name = "dormant";
  type.initial_state_index = 0;
  if (kind == "list")
    type.initial_positions = text;
  else
  {
    type.initial_positions_file = "places.csv";
    type.positions_text = text;
  }
  placed_agents(type, kind == "positions 2" ? 2 : 3);
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, const std::size_t size)
{
  const auto input = fuzz::first_line_and_rest(fuzz::text_of(data, size));
  fuzz::taken_or_refused([&] {
    if (input.first == "times")
      read_times(input.second);
    else
      read_positions(input.first, input.second);
  });
  return 0;
}
