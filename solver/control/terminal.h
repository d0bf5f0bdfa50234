#pragma once

namespace nidus::terminal
{
/// Whether standard output of this process is read by a person: a terminal, or NIDUS_TERMINAL=1 (0: never).
bool attached();

/// Columns of the terminal: what it says itself, else COLUMNS, else 80.
unsigned int width();
} // namespace nidus::terminal
