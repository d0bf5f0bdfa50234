#include "fields/boundary_terms.h"

#include "control/input_error.h"
#include "control/nearest_name.h"
#include "fields/field_failure.h"
#include "organ/boundaries.h"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/fe/fe_values.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

namespace nidus
{
namespace
{
using Kind = BoundaryCondition::Kind;
}

template <int dim>
BoundaryTerms<dim>::BoundaryTerms(const FieldSet<dim> &fields) : fields(fields)
{
  const auto &boundaries = fields.organ.boundaries();
  std::map<int, std::size_t> surface_of;
  bool flux = false, robin = false, value = false;
  for (const auto &parameters : fields.parameters.boundaries)
  {
    const int boundary = boundaries.index(parameters.boundary);
    if (boundary < 0)
      throw InputError(parameters.path("Boundary"), parameters.boundary,
                       listed(boundaries.names()) + " (the boundaries of this mesh; periodic sides are none)",
                       did_you_mean(parameters.boundary, boundaries.names(), "correct the name"));
    if (parameters.kind == Kind::no_flux)
      continue;
    const auto [entry, is_new] = surface_of.insert({boundary, surfaces.size()});
    if (is_new)
      surfaces.push_back(find_surface(boundary));
    conditions.push_back(make_condition(parameters, entry->second));
    flux |= parameters.kind == Kind::flux;
    robin |= parameters.kind == Kind::robin;
    value |= parameters.kind == Kind::value;
    for (const auto &formula : conditions.back().formulas)
      changes |= formula.uses("t");
  }
  const std::size_t n = static_cast<std::size_t>(fields.n_owned_nodes()) * fields.n_fields();
  inflow_terms.resize(flux || robin ? n : 0);
  outflow_terms.resize(robin ? n : 0);
  values.resize(value ? n : 0);
  weights.resize(value ? n : 0);
  fixed.resize(value ? n : 0);

  std::string text;
  if (const Expression *formula = share(apply_all(0.0), 0.0, text))
    throw InputError(formula->entry(), formula->text(), text, "change the formula");
}

template <int dim>
typename BoundaryTerms<dim>::Condition BoundaryTerms<dim>::make_condition(const BoundaryCondition &parameters,
                                                                          const std::size_t surface) const
{
  Condition condition{&parameters, static_cast<unsigned int>(parameters.field_index), surface, {}};
  const auto read = [&](const std::string &text, const std::string &entry) {
    condition.formulas.emplace_back(text, parameters.path(entry));
    if (dim == 2 && condition.formulas.back().uses("z"))
      throw InputError(parameters.path(entry), text, "a formula of x, y, t in 2-D", "remove z");
  };
  if (parameters.kind == Kind::flux)
    read(parameters.flux, "Flux");
  if (parameters.kind == Kind::robin)
    read(parameters.permeability, "Permeability");
  if (parameters.kind != Kind::flux)
    read(parameters.value, "Value");
  return condition;
}

template <int dim>
typename BoundaryTerms<dim>::Surface BoundaryTerms<dim>::find_surface(const unsigned int boundary) const
{
  const dealii::QTrapezoid<dim - 1> quadrature;
  const auto flags = dealii::update_values | dealii::update_JxW_values;
  dealii::FEFaceValues<dim> on_face(fields.organ.mapping(), fields.fe, quadrature, flags);
  dealii::FESubfaceValues<dim> on_part(fields.organ.mapping(), fields.fe, quadrature, flags);
  dealii::LinearAlgebra::distributed::Vector<double> share(fields.owned, fields.relevant, fields.organ.communicator());
  auto corner = share;
  dealii::Vector<double> local(fields.fe.n_dofs_per_cell());
  std::vector<dealii::types::global_dof_index> nodes(local.size());
  for (const auto &cell : fields.dof_handler.active_cell_iterators())
  {
    if (!cell->is_locally_owned())
      continue;
    for (const auto &part : fields.organ.boundaries().faces(cell))
    {
      if (part.boundary != boundary)
        continue;
      const bool whole = part.subface == BoundaryFace::whole;
      if (whole)
        on_face.reinit(cell, part.face);
      else
        on_part.reinit(cell, part.face, part.subface);
      const dealii::FEValuesBase<dim> &face = whole ? static_cast<const dealii::FEValuesBase<dim> &>(on_face) : on_part;
      cell->get_dof_indices(nodes);
      local = 0.0;
      for (const unsigned int q : face.quadrature_point_indices())
        for (const unsigned int i : face.dof_indices())
        {
          local[i] += face.shape_value(i, q) * face.JxW(q);
          if (face.shape_value(i, q) > 1.0 - 1e-10)
            corner[nodes[i]] += face.JxW(q);
        }
      fields.constraints.distribute_local_to_global(local, nodes, share);
    }
  }
  share.compress(dealii::VectorOperation::add);
  corner.compress(dealii::VectorOperation::add);

  Surface surface;
  fields.for_each_tissue_node([&](const dealii::Point<dim> &place, const unsigned int node) {
    if (share.local_element(node) > 0.0)
    {
      surface.node.push_back(node);
      surface.place.push_back(place);
      surface.share.push_back(share.local_element(node));
      surface.corner.push_back(corner.local_element(node));
    }
  });
  return surface;
}

template <int dim>
double BoundaryTerms<dim>::evaluate(const std::size_t condition, const std::size_t formula, const std::size_t at,
                                    const double time, Fault &fault) const
{
  const Condition &c = conditions[condition];
  const auto &place = surfaces[c.surface].place[at];
  const double value = c.formulas[formula](place, time);
  const bool concentration = formula + 1 == c.formulas.size() && c.parameters->kind != Kind::flux;
  std::string allowed;
  if (concentration)
    allowed = refusal(fields.parameters.fields[c.field].unit, value);
  else if (!std::isfinite(value) || (value < 0.0 && c.parameters->kind == Kind::robin))
    allowed = c.parameters->kind == Kind::robin ? "finite values >= 0" : "finite values";
  if (!allowed.empty())
  {
    // The first in this order on any number of ranks.
    std::vector<double> numbers = {static_cast<double>(condition), static_cast<double>(formula)};
    for (unsigned int d = 0; d < dim; ++d)
      numbers.push_back(place[d]);
    numbers.push_back(value);
    if (fault.numbers.empty() || numbers < fault.numbers)
      fault = {numbers, allowed};
  }
  return value;
}

template <int dim>
void BoundaryTerms<dim>::apply(const std::size_t condition, const double time, Fault &fault)
{
  const Condition &c = conditions[condition];
  const Surface &surface = surfaces[c.surface];
  for (std::size_t i = 0; i < surface.node.size(); ++i)
  {
    const std::size_t at = static_cast<std::size_t>(surface.node[i]) * fields.n_fields() + c.field;
    if (c.parameters->kind == Kind::flux)
      inflow_terms[at] += surface.share[i] * evaluate(condition, 0, i, time, fault);
    else if (c.parameters->kind == Kind::robin)
    {
      const double rate = surface.share[i] * evaluate(condition, 0, i, time, fault);
      outflow_terms[at] += rate;
      inflow_terms[at] += rate * evaluate(condition, 1, i, time, fault);
    }
    else if (surface.corner[i] > 0.0)
    {
      values[at] += surface.corner[i] * evaluate(condition, 0, i, time, fault);
      weights[at] += surface.corner[i];
      fixed[at] = true;
    }
  }
}

template <int dim>
typename BoundaryTerms<dim>::Fault BoundaryTerms<dim>::apply_all(const double time)
{
  for (auto *terms : {&inflow_terms, &outflow_terms, &values, &weights})
    std::fill(terms->begin(), terms->end(), 0.0);
  Fault fault;
  for (std::size_t c = 0; c < conditions.size(); ++c)
    apply(c, time, fault);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (fixed[i])
      values[i] /= weights[i];
  return fault;
}

template <int dim>
const Expression *BoundaryTerms<dim>::share(const Fault &fault, const double time, std::string &text) const
{
  const MPI_Comm comm = fields.organ.communicator();
  if (conditions.empty() || dealii::Utilities::MPI::max(fault.numbers.empty() ? 0u : 1u, comm) == 0)
    return nullptr;
  Fault first;
  const auto numbers = dealii::Utilities::MPI::all_gather(comm, fault.numbers);
  const auto allowed = dealii::Utilities::MPI::all_gather(comm, fault.allowed);
  for (std::size_t rank = 0; rank < numbers.size(); ++rank)
    if (!numbers[rank].empty() && (first.numbers.empty() || numbers[rank] < first.numbers))
      first = {numbers[rank], allowed[rank]};
  std::ostringstream where;
  where << first.allowed << " (it is " << first.numbers.back() << " at (";
  for (unsigned int d = 0; d < dim; ++d)
    where << (d > 0 ? ", " : "") << first.numbers[2 + d];
  where << ") um, t = " << time << " min)";
  text = where.str();
  return &conditions[static_cast<std::size_t>(first.numbers[0])].formulas[static_cast<std::size_t>(first.numbers[1])];
}

template <int dim>
void BoundaryTerms<dim>::update(const double time)
{
  if (!changes)
    return;
  std::string text;
  if (const Expression *formula = share(apply_all(time), time, text))
    throw FieldFailure("entry '" + formula->entry() + "' = '" + formula->text() +
                       "' has an impossible value. Allowed: " + text);
}

template class BoundaryTerms<2>;
template class BoundaryTerms<3>;
} // namespace nidus
