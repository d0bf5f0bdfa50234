#include "calibration/runs.h"

namespace nidus
{
Ask keeping(const Ask &ask, std::vector<Run> &kept)
{
  return [ask, &kept](const std::string &stage, const std::vector<Request> &requests) {
    auto answers = ask(stage, requests);
    for (std::size_t i = 0; i < requests.size(); ++i)
      kept.push_back({requests[i].parameters, answers[i]});
    return answers;
  };
}
} // namespace nidus
