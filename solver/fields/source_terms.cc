#include "fields/source_terms.h"

namespace nidus
{
template <int dim>
SourceTerms<dim>::SourceTerms(const FieldSet<dim> &fields, const std::vector<Term> &used)
{
  for (const Term term : used)
    terms[term] = fields.create_interlaced();
}

template <int dim>
SourceTerms<dim>::~SourceTerms()
{
  for (auto &term : terms)
    VecDestroy(&term);
}

template <int dim>
void SourceTerms<dim>::clear()
{
  for (auto &term : terms)
  {
    if (term == nullptr)
      continue;
    Vec form = nullptr;
    VecGhostGetLocalForm(term, &form);
    VecSet(form, 0.0);
    VecGhostRestoreLocalForm(term, &form);
  }
}

template <int dim>
void SourceTerms<dim>::begin_adding()
{
  for (unsigned int t = 0; t < n_terms; ++t)
  {
    if (terms[t] == nullptr)
      continue;
    VecGhostGetLocalForm(terms[t], &local_forms[t]);
    VecGetArray(local_forms[t], &arrays[t]);
  }
}

template <int dim>
void SourceTerms<dim>::compress()
{
  for (unsigned int t = 0; t < n_terms; ++t)
  {
    if (terms[t] == nullptr)
      continue;
    VecRestoreArray(local_forms[t], &arrays[t]);
    VecGhostRestoreLocalForm(terms[t], &local_forms[t]);
    VecGhostUpdateBegin(terms[t], ADD_VALUES, SCATTER_REVERSE);
    VecGhostUpdateEnd(terms[t], ADD_VALUES, SCATTER_REVERSE);
  }
}

template class SourceTerms<2>;
template class SourceTerms<3>;
} // namespace nidus
