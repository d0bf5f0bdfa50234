#include "described_fields.h"

#include "io/aligned_table.h"

#include <cmath>
#include <limits>

namespace nidus
{
namespace
{
/// An edge that is longer than this part of the screening length blurs gradients near sources.
constexpr double resolved_part = 0.2;

double fraction(const FieldParameters &field, const RegionParameters &region)
{
  return field.interstitial ? region.interstitial_fraction : 1.0;
}

/// First-order losses of what is dissolved, 1/min.
double loss(const FieldParameters &field, const RegionParameters &region)
{
  return field.decay_rate + field.exchange_in(region.name) / fraction(field, region);
}

template <int dim>
double least_diffusivity(const FieldParameters &field, const RegionParameters &region)
{
  return field.diffusivity_by_region.at(region.name) * dealii::eigenvalues(region.diffusion_tensor<dim>())[dim - 1];
}

std::vector<std::string> reactions_in_words(const FieldsParameters &fields)
{
  std::vector<std::string> lines;
  AlignedTable table({"reaction", "law", "fields"});
  for (const auto &reaction : fields.reactions)
  {
    std::string names;
    for (const auto &[role, name] : {std::pair<const char *, std::string>{"substrate ", reaction.substrate},
                                     {"partner ", reaction.partner},
                                     {"product ", reaction.product}})
      if (!name.empty())
        names += (names.empty() ? "" : ", ") + (role + name);
    table.add({reaction.name, reaction.kind, names});
  }
  return table.empty() ? lines : table.lines();
}
} // namespace

template <int dim>
double screening_length(const FieldParameters &field, const RegionParameters &region)
{
  const double rate = loss(field, region);
  return rate > 0.0 ? std::sqrt(least_diffusivity<dim>(field, region) / rate) : std::numeric_limits<double>::infinity();
}

template <int dim>
DescribedFields describe_fields(const FieldsParameters &fields, const std::vector<RegionParameters> &regions,
                                const double edge, const double step)
{
  DescribedFields described;
  AlignedTable table(
      {"field", "region", "D [um^2/min]", "screening length", "over cell", "time of loss", "over step", "solved"});
  for (const auto &field : fields.fields)
    for (const auto &region : regions)
    {
      if (!region.tissue)
        continue;
      const double rate = loss(field, region), time = rate > 0.0 ? 1.0 / rate : HUGE_VAL;
      std::vector<std::string> row = {field.name,
                                      region.name,
                                      "immobile",
                                      "",
                                      "",
                                      time_in_words(time),
                                      rate > 0.0 ? rounded(time / step) : "",
                                      field.quasi_steady ? "steady state" : "in time"};
      if (field.mobile())
      {
        const double length = screening_length<dim>(field, region);
        row[2] = rounded(field.diffusivity_by_region.at(region.name), 4);
        row[3] = std::isfinite(length) ? rounded(length) + " um" : "no loss";
        row[4] = std::isfinite(length) ? rounded(length / edge) : "";
        if (edge > resolved_part * length)
          described.warnings.push_back("cells of " + rounded(edge, 4) + " um do not resolve " + field.name + " in " +
                                       region.name + " (longest useful edge: a fifth of the screening length, " +
                                       rounded(resolved_part * length, 4) +
                                       " um); gradients near sources will be blurred");
      }
      table.add(row);
    }
  described.lines = table.lines();
  const auto reactions = reactions_in_words(fields);
  described.lines.insert(described.lines.end(), reactions.begin(), reactions.end());
  return described;
}

template double screening_length<2>(const FieldParameters &, const RegionParameters &);
template double screening_length<3>(const FieldParameters &, const RegionParameters &);
template DescribedFields describe_fields<2>(const FieldsParameters &, const std::vector<RegionParameters> &, double,
                                            double);
template DescribedFields describe_fields<3>(const FieldsParameters &, const std::vector<RegionParameters> &, double,
                                            double);
} // namespace nidus
