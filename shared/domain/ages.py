"""How old somebody is, by calendar date in Europe/London."""

from datetime import date


def age_on(day: date, born: date) -> int | None:
    """Whole years on a day: they rise as the birthday begins, a 29 February's on 1 March in other
    years. None before the birth: an unborn child has no age."""
    if day < born:
        return None
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (not had_birthday)
