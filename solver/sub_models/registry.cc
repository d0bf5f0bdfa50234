#include "sub_models/registry.h"

#include "control/input_error.h"

namespace nidus
{
const std::vector<SubModel> &sub_models()
{
  static const std::vector<SubModel> all = {chemotaxis(),     persistent_walk(), mobilisation(), vascular_exchange(),
                                            niche_assembly(), survival_chain(),  nodule_counts()};
  return all;
}

const SubModel &sub_model(const std::string &name, const std::string &entry)
{
  std::vector<std::string> names;
  for (const auto &candidate : sub_models())
    if (candidate.name == name)
      return candidate;
    else
      names.push_back(candidate.name);
  throw InputError(entry, name, listed(names), "choose among them");
}

std::string sub_model_reference()
{
  std::string text = "# Sub-models\n";
  for (const auto &model : sub_models())
  {
    text += "#\n# " + model.name + ": " + model.text + "\n";
    for (const auto &argument : model.arguments)
      text += "#   argument '" + argument.name + "' [" + argument.unit + "], " + in_words(argument.range) + ": " +
              argument.text + "\n";
    for (const auto &output : model.outputs)
      text += "#   output '" + output.name + "' [" + output.unit + "]" +
              (output.x.empty() ? "" : " by " + output.x + " [" + output.x_unit + "]") + "\n";
  }
  return text;
}
} // namespace nidus
