"""What a hand-over must be like to be taken down at all: checks on its form, not on its rules."""

from backend.common.mass import HEAVIEST_LOT_G

#: Thermometers read between these, in tenths of a degree Celsius; anything else is a typing error.
COLDEST_READING_DC, WARMEST_READING_DC = -600, 1_500

#: A device whose clock is further off than this (ten years) is not telling the truth about it.
FARTHEST_CLOCK_S = 315_360_000


def implausible_mass(mass_g: int) -> bool:
    """Whether a mass cannot be a hand-over: below zero, or heavier than the heaviest lot."""
    return not 0 <= mass_g <= HEAVIEST_LOT_G


def implausible_temperature(temperature_dc: int | None) -> bool:
    return temperature_dc is not None and not (
        COLDEST_READING_DC <= temperature_dc <= WARMEST_READING_DC
    )
