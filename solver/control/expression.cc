#include "control/expression.h"

#include "control/input_error.h"

#include <deal.II/base/numbers.h>

#include <muParser.h>

#include <algorithm>
#include <array>

namespace nidus
{
struct Expression::Parser
{
  mu::Parser formula;
  std::array<double, 4> variables = {{0.0, 0.0, 0.0, 0.0}}; ///< the parser holds their addresses
  std::string used;                                         ///< of "xyzt"
};

namespace
{
const std::string variable_names = "xyzt";

[[noreturn]] void refuse(const std::string &entry, const std::string &text, const std::string &fault)
{
  throw InputError(entry, text, "a number, or a formula of x, y, z, t and pi (" + fault + ")",
                   "write for example '0.2' or '0.2 * exp(-x/50)'");
}

/// muparser lets formulas assign to their variables.
bool assigns(const std::string &text)
{
  for (std::size_t i = text.find('='); i != std::string::npos; i = text.find('=', i + 1))
  {
    const bool compares = (i > 0 && std::string("=<>!").find(text[i - 1]) != std::string::npos) ||
                          (i + 1 < text.size() && text[i + 1] == '=');
    if (!compares)
      return true;
  }
  return false;
}
} // namespace

Expression::Expression(const std::string &text, const std::string &entry)
    : source(text), place_in_file(entry), parser(std::make_unique<Parser>())
{
  if (assigns(text))
    refuse(entry, text, "it assigns with '='");
  try
  {
    parser->formula.DefineConst("pi", dealii::numbers::PI);
    parser->formula.SetExpr(text);
    for (const auto &[name, address] : parser->formula.GetUsedVar())
    {
      if (name.size() != 1 || variable_names.find(name) == std::string::npos)
        refuse(entry, text, "'" + name + "' is unknown");
      parser->used += name;
    }
    for (std::size_t i = 0; i < variable_names.size(); ++i)
      parser->formula.DefineVar(variable_names.substr(i, 1), &parser->variables[i]);
    parser->formula.Eval();
  }
  catch (const mu::Parser::exception_type &error)
  {
    std::string fault = error.GetMsg();
    while (!fault.empty() && (fault.back() == '.' || fault.back() == ' '))
      fault.pop_back();
    refuse(entry, text, fault);
  }
  if (parser->formula.GetNumResults() != 1)
    refuse(entry, text, "it has several results");
}

Expression::~Expression() = default;
Expression::Expression(Expression &&) noexcept = default;
Expression &Expression::operator=(Expression &&) noexcept = default;

bool Expression::uses(const std::string &variable) const
{
  return parser->used.find(variable) != std::string::npos;
}

bool Expression::is_constant() const
{
  return parser->used.empty();
}

template <int dim>
double Expression::operator()(const dealii::Point<dim> &place, const double time) const
{
  for (unsigned int d = 0; d < dim; ++d)
    parser->variables[d] = place[d];
  parser->variables[3] = time;
  return parser->formula.Eval();
}

template double Expression::operator()(const dealii::Point<2> &, double) const;
template double Expression::operator()(const dealii::Point<3> &, double) const;
} // namespace nidus
