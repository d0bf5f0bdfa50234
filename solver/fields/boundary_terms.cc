#include "fields/boundary_terms.h"

namespace nidus
{
template <int dim>
BoundaryTerms<dim>::BoundaryTerms(const FieldSet<dim> &)
{
}

template <int dim>
void BoundaryTerms<dim>::update(double)
{
}

template class BoundaryTerms<2>;
template class BoundaryTerms<3>;
} // namespace nidus
