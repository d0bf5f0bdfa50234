#pragma once

#include "agents/agent_parameters.h"
#include "agents/agent_population.h"
#include "fields/field_ledger.h"
#include "fields/field_set.h"
#include "systemic/blood.h"

#include <mpi.h>

#include <vector>

namespace nidus
{
/// What the vessels of the organ exchange of each of @p n_factors factors, at the present state of the fields.
/// Collective.
template <int dim>
std::vector<Blood::Exchange> exchange_with_blood(const FieldSet<dim> &fields, std::size_t n_factors);

/// What the organ has gained of each of @p n_factors factors through the walls of its vessels, molecules; @p budget of
/// each field, or empty.
std::vector<double> gained_from_blood(const FieldsParameters &fields, const std::vector<FieldBudget> &budget,
                                      std::size_t n_factors);

/// The agents of group 'tumour' in the organ, and those in states in which they divide. Collective.
template <int dim>
Blood::Metastases count_metastases(MPI_Comm communicator, const AgentParameters &agents,
                                   const AgentPopulation<dim> &population);
} // namespace nidus
