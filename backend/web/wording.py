"""How figures are said to people: mass, distance, time left, instants; in the active language."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from django.utils import formats, timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext, ngettext, pgettext

GRAMS = 1_000
TONNE_G = 1_000_000
MINUTE_S = 60
HOUR_S = 3_600
DAY_S = 86_400
#: From here on kilometres are whole.
FAR_KM = 10
#: Up to here a day is named by its weekday alone.
NEAR_DAYS = 6


def mass_parts(mass_g: int) -> tuple[str, str]:
    """The figure and its unit, rounded as one reads it at a glance: ("12.5", "kg").

    Below 1 kg in grams; below 100 kg to one decimal; from 10 t in tonnes. For hand-overs see
    `exact_mass`.
    """
    if abs(mass_g) < GRAMS:
        return _number(Decimal(mass_g), 0), gettext("g")
    if abs(mass_g) >= 10 * TONNE_G:
        return _number(Decimal(mass_g) / TONNE_G, 1), gettext("t")
    places = 1 if abs(mass_g) < 100 * GRAMS else 0
    return _number(Decimal(mass_g) / GRAMS, places), gettext("kg")


def mass(mass_g: int) -> str:
    """ "12.5 kg", with a space that does not break."""
    return "\N{NO-BREAK SPACE}".join(mass_parts(mass_g))


def exact_mass(mass_g: int) -> str:
    """Kilograms to the gram, for scales and signatures: "12.345 kg"."""
    return f"{_number(Decimal(mass_g) / GRAMS, 3)}\N{NO-BREAK SPACE}{gettext('kg')}"


def distance(distance_m: float) -> str:
    """ "850 m" rounded to 50, "2.3 km", "14 km"."""
    if distance_m < GRAMS - 25:
        rounded = max(50, int(Decimal(distance_m / 50).quantize(Decimal(1), ROUND_HALF_UP)) * 50)
        return f"{_number(Decimal(rounded), 0)}\N{NO-BREAK SPACE}{gettext('m')}"
    kilometres = Decimal(distance_m) / GRAMS
    places = 1 if kilometres < FAR_KM else 0
    return f"{_number(kilometres, places)}\N{NO-BREAK SPACE}{gettext('km')}"


def duration(length: timedelta) -> str:
    """The two largest units, rounded down: "2 h 10 min", "1 day 4 h"; never negative."""
    seconds = max(0, int(length.total_seconds()))
    days, hours = seconds // DAY_S, seconds % DAY_S // HOUR_S
    minutes = seconds % HOUR_S // MINUTE_S
    if days:
        text = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        return f"{text} {_hours(hours)}" if hours and days < NEAR_DAYS else text
    if hours:
        return f"{_hours(hours)} {_minutes(minutes)}" if minutes else _hours(hours)
    return _minutes(minutes) if minutes else gettext("less than a minute")


def remaining(until_at: datetime, now: datetime) -> str:
    """How long is left, or that the time is over: "2 h 10 min left"."""
    if until_at <= now:
        return gettext("time is up")
    return gettext("%(duration)s left") % {"duration": duration(until_at - now)}


def relative(at: datetime, now: datetime) -> str:
    """ "in 2 h 10 min" or "25 min ago"; "now" within half a minute."""
    if abs(at - now) < timedelta(seconds=30):
        return gettext("now")
    if at > now:
        return gettext("in %(duration)s") % {"duration": duration(at - now)}
    return gettext("%(duration)s ago") % {"duration": duration(now - at)}


def clock_time(at: datetime, zone: tzinfo | None = None) -> str:
    """The time of day in the zone (the active one if None): "18:40"."""
    return date_format(timezone.localtime(at, zone), "H:i")


def instant(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """Day and time as people say it, where it is: "18:40", "tomorrow 09:00", "Mon 18:40"."""
    local = timezone.localtime(at, zone)
    today = timezone.localtime(now, zone).date()
    time_of_day = date_format(local, "H:i")
    if local.date() == today:
        return time_of_day
    return gettext("%(day)s %(time)s") % {"day": day(local.date(), today), "time": time_of_day}


def day(on_date: date, today: date) -> str:
    """A date as people say it: "today", "Mon" within six days, "23 Nov", else with the year."""
    days = (on_date - today).days
    named = {0: gettext("today"), 1: gettext("tomorrow"), -1: gettext("yesterday")}
    if days in named:
        return named[days]
    if 0 < days <= NEAR_DAYS:
        return date_format(on_date, "D")
    if on_date.year == today.year:
        return date_format(on_date, pgettext("date format: day and month", "j M"))
    return date_format(on_date, pgettext("date format: day, month and year", "j M Y"))


def iso(at: datetime) -> str:
    """The instant for programs: UTC, whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def browser_words() -> dict[str, str]:
    """The words that scripts need to keep bars and states up to date, in the active language."""
    return {
        "days": ngettext("%(days)d day", "%(days)d days", 2),
        "day": ngettext("%(days)d day", "%(days)d days", 1),
        "hours": gettext("%(hours)d h"),
        "minutes": gettext("%(minutes)d min"),
        "instant": gettext("less than a minute"),
        "left": gettext("%(duration)s left"),
        "over": gettext("time is up"),
        "live": gettext("Live: changes appear by themselves"),
        "connecting": gettext("Connecting again…"),
        "stopped": gettext("Not live: reload to see changes"),
        "changed": gettext("Something changed here."),
        "show": gettext("Show it"),
        "close": gettext("Close"),
        "failed": gettext("That did not arrive. Nothing was changed. Please try again."),
        "unreachable": gettext("No connection: that was not sent. Please try again later."),
        "map_failed": gettext("The map could not be loaded. The list has everything."),
        "kilograms": gettext("%(kilograms)s kg"),
        "move_pin": gettext("Location: move with the arrow keys or drag"),
        "zoom_in": gettext("Zoom in"),
        "zoom_out": gettext("Zoom out"),
        "no_position": gettext("Your position could not be found. You can move the pin instead."),
    }


def _number(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = formats.number_format(rounded, decimal_pos=places, use_l10n=True, force_grouping=True)
    if not places:
        return text
    separator = formats.get_format("DECIMAL_SEPARATOR")
    return text.rstrip("0").rstrip(separator)


def _hours(hours: int) -> str:
    return gettext("%(hours)d h") % {"hours": hours}


def _minutes(minutes: int) -> str:
    return gettext("%(minutes)d min") % {"minutes": minutes}
