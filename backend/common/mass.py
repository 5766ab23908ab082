"""Mass in integer grams: limits and the way people read it."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

KILOGRAM_G = 1_000
#: Above this a single lot is a typing error rather than a donation (40 t: one full lorry).
HEAVIEST_LOT_G = 40_000 * KILOGRAM_G


def grams(kilograms: str | Decimal | int) -> int:
    """Grams in a decimal number of kilograms, rounded half up.

    Raises ValueError when the text is no finite number. Floats are not accepted: they carry no
    exact kilograms.
    """
    try:
        exact = Decimal(kilograms) * KILOGRAM_G
    except InvalidOperation as error:
        raise ValueError(f"not a mass: {kilograms!r}") from error
    if not exact.is_finite():
        raise ValueError(f"not a mass: {kilograms!r}")
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def kilograms(mass_g: int) -> Decimal:
    """Kilograms with up to three decimals and no trailing zeros, for display."""
    exact = Decimal(mass_g) / KILOGRAM_G
    return exact.quantize(Decimal(1)) if exact == exact.to_integral() else exact.normalize()
