#include "calibration/conducted.h"

#include "calibration/ensemble.h"
#include "control/input_error.h"
#include "control/shared_fault.h"

#include <deal.II/base/mpi.h>

namespace nidus
{
namespace
{
namespace MPI = dealii::Utilities::MPI;

enum class Call : int
{
  ask,
  end,
  fault,
  input_error
};

/// What rank 0 says to the others. Collective.
struct Message
{
  Call call = Call::end;
  std::string text; ///< the stage, or what went wrong
  std::vector<Request> requests;

  void share(MPI_Comm communicator)
  {
    wait_for_all(communicator);
    call = static_cast<Call>(MPI::broadcast(communicator, static_cast<int>(call)));
    text = MPI::broadcast(communicator, text);
    std::vector<std::vector<double>> parameters;
    std::vector<std::uint64_t> streams;
    for (const auto &request : requests)
    {
      parameters.push_back(request.parameters);
      streams.push_back(request.stream);
    }
    parameters = MPI::broadcast(communicator, parameters);
    streams = MPI::broadcast(communicator, streams);
    requests.clear();
    for (std::size_t i = 0; i < streams.size(); ++i)
      requests.push_back({parameters[i], streams[i]});
  }
};

void lead(MPI_Comm communicator, const Ask &ask, const std::function<void(const Ask &)> &method)
{
  bool asking = false;
  const Ask shared = [&](const std::string &stage, const std::vector<Request> &requests) {
    Message message{Call::ask, stage, requests};
    message.share(communicator);
    // What is thrown from here the others throw, too.
    asking = true;
    auto answers = ask(stage, requests);
    asking = false;
    return answers;
  };
  try
  {
    method(shared);
  }
  catch (const SharedFault &fault)
  {
    if (!asking)
      Message{Call::fault, fault.what(), {}}.share(communicator);
    throw;
  }
  catch (const InputError &fault)
  {
    if (!asking)
      Message{Call::input_error, fault.what(), {}}.share(communicator);
    throw;
  }
  Message{Call::end, "", {}}.share(communicator);
}

void follow(MPI_Comm communicator, const Ask &ask)
{
  while (true)
  {
    Message message;
    message.share(communicator);
    switch (message.call)
    {
    case Call::ask:
      ask(message.text, message.requests);
      break;
    case Call::fault:
      throw SharedFault(message.text);
    case Call::input_error:
      // Rank 0 speaks; the others end as it does.
      throw InputError(message.text, "");
    case Call::end:
      return;
    }
  }
}
} // namespace

void conduct(MPI_Comm communicator, const Ask &ask, const std::function<void(const Ask &)> &method)
{
  if (MPI::this_mpi_process(communicator) == 0)
    lead(communicator, ask, method);
  else
    follow(communicator, ask);
}
} // namespace nidus
