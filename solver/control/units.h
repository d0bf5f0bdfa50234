#pragma once

/**
 * Units of Nidus, and the only place where one is turned into another.
 *
 * Length um, time min, soluble concentration nM, amounts molecules, speed um/min.
 * Immobile extracellular matrix is dimensionless: the fraction of its saturated level.
 */
namespace nidus::units
{
/// nM um^3 per molecule: one molecule in one cubic micrometre is 1.660539 nM.
constexpr double nanomolar_um3 = 1.660539067;

constexpr double minutes_per_day = 1440.0;

/// A micrometre cubed in millilitres.
constexpr double millilitre_in_um3 = 1e12;
} // namespace nidus::units
