#include "fields/field_ledger.h"

#include <deal.II/base/mpi.h>

#include <algorithm>

namespace nidus
{
FieldBudget &FieldBudget::operator+=(const FieldBudget &other)
{
  secreted += other.secreted;
  taken_up += other.taken_up;
  decayed += other.decayed;
  exchanged += other.exchanged;
  crossed += other.crossed;
  reacted += other.reacted;
  change += other.change;
  residual += other.residual;
  return *this;
}

template <int dim>
FieldLedger<dim>::FieldLedger(const FieldSet<dim> &fields, const Kinetics &kinetics)
    : fields(fields), kinetics(kinetics), kept(fields.n_fields()), pending(fields.n_fields())
{
}

template <int dim>
void FieldLedger<dim>::open()
{
  at_start = fields.amounts_of_this_rank();
  std::fill(kept.begin(), kept.end(), Terms{});
  discard();
}

template <int dim>
void FieldLedger<dim>::book(const Stage<dim> &stage, const double duration, const std::vector<double> &held)
{
  const unsigned int n = fields.n_fields();
  const NodalTerms<dim> terms(fields, kinetics, stage);
  std::vector<double> rate(n), unused(n * n);
  const double *state = nullptr;
  VecGetArrayRead(fields.state, &state);
  for (unsigned int node = 0; node < fields.n_owned_nodes(); ++node)
  {
    if (fields.tissue_volume[node] == 0.0)
      continue;
    const std::size_t at = static_cast<std::size_t>(node) * n;
    std::fill(rate.begin(), rate.end(), 0.0);
    kinetics.add(state + at, rate.data(), unused.data());
    for (unsigned int s = 0; s < n; ++s)
    {
      const auto b = terms.balance(node, s, state[at + s]);
      Terms &sum = pending[s];
      sum[secreted] -= duration * (b.secretion + b.filling);
      sum[taken_up] += duration * b.uptake;
      sum[decayed] += duration * b.decay;
      sum[exchanged] -= duration * b.exchange;
      sum[crossed] -= duration * (b.outflow + b.inflow - (held.empty() ? 0.0 : held[at + s]));
      sum[reacted] += duration * fields.volume(node, s) * rate[s];
    }
  }
  VecRestoreArrayRead(fields.state, &state);
}

template <int dim>
void FieldLedger<dim>::keep()
{
  for (std::size_t s = 0; s < kept.size(); ++s)
    for (unsigned int term = 0; term < n_terms; ++term)
      kept[s][term] += pending[s][term];
  discard();
}

template <int dim>
void FieldLedger<dim>::discard()
{
  std::fill(pending.begin(), pending.end(), Terms{});
}

template <int dim>
std::vector<FieldBudget> FieldLedger<dim>::close() const
{
  const unsigned int n = fields.n_fields(), width = n_terms + 1;
  const auto at_end = fields.amounts_of_this_rank();
  std::vector<double> sums, total(width * n);
  for (unsigned int s = 0; s < n; ++s)
  {
    sums.insert(sums.end(), kept[s].begin(), kept[s].end());
    sums.push_back(at_end[s] - at_start[s]);
  }
  dealii::Utilities::MPI::sum(sums, fields.organ.communicator(), total);
  std::vector<FieldBudget> result(n);
  for (unsigned int s = 0; s < n; ++s)
  {
    const double *sum = &total[width * s];
    const double unit = fields.amount_unit(s);
    FieldBudget &b = result[s];
    b.secreted = sum[secreted] / unit;
    b.taken_up = sum[taken_up] / unit;
    b.decayed = sum[decayed] / unit;
    b.exchanged = sum[exchanged] / unit;
    b.crossed = sum[crossed] / unit;
    b.reacted = sum[reacted] / unit;
    b.change = sum[n_terms] / unit;
    // A quasi-steady field jumps to its new steady state; what must balance are the rates.
    const double change = fields.parameters.fields[s].quasi_steady ? 0.0 : b.change;
    b.residual = change - (b.secreted - b.taken_up - b.decayed + b.exchanged + b.crossed + b.reacted);
  }
  return result;
}

template class FieldLedger<2>;
template class FieldLedger<3>;
} // namespace nidus
