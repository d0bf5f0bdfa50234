#pragma once

#include <vtkAlgorithm.h>
#include <vtkCommand.h>
#include <vtkExecutive.h>
#include <vtkNew.h>
#include <vtkObject.h>
#include <vtkOutputWindow.h>

#include <string>

namespace nidus
{
/// Listens to a reader of VTK, which tells of faults by events and writes them to the terminal otherwise: as long as
/// this lives VTK is silent.
class VtkFaults : public vtkCommand
{
public:
  static VtkFaults *New() { return new VtkFaults; }
  ~VtkFaults() override { vtkObject::SetGlobalWarningDisplay(spoke); }

  /// The first fault of @p reader and of what it is made of will be noted here.
  void watch(vtkAlgorithm *reader)
  {
    vtkObject::GlobalWarningDisplayOff();
    reader->AddObserver(vtkCommand::ErrorEvent, this);
    reader->AddObserver(vtkCommand::WarningEvent, this);
    reader->GetExecutive()->AddObserver(vtkCommand::ErrorEvent, this);
  }

  void Execute(vtkObject *, unsigned long, void *data) override
  {
    if (text.empty() && data != nullptr)
      text = first_line(static_cast<const char *>(data));
    if (text.empty())
      text = "VTK gives no reason";
  }

  bool any() const { return !text.empty(); }
  const std::string &first() const { return text; }

private:
  /// "ERROR: In FILE, line N\nCLASS (ADDRESS): REASON\n" without what only a developer of VTK can use.
  static std::string first_line(const std::string &message)
  {
    std::string line = message;
    const auto address = line.find("): ");
    if (address != std::string::npos)
      line = line.substr(address + 3);
    const auto start = line.find_first_not_of(" \n\t");
    line = start == std::string::npos ? "" : line.substr(start);
    return line.substr(0, line.find('\n'));
  }

  vtkTypeBool spoke = vtkObject::GetGlobalWarningDisplay();
  std::string text;
};
} // namespace nidus
