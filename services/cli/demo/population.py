"""Children referred since the reported year: what a council's list looks like after some years."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.cli.demo.dice import Dice
from services.cli.demo.stories import LAST_DAY, Story, moves, numbers, told

FIRST_NUMBER, HOW_MANY = 2000, 120
_FIRST_DAY = date(2021, 4, 6)
_NOT_SETTLED_YET = timedelta(days=21)

_ETHNICITIES = ("WBRI",) * 9 + (
    "APKN",
    "MWBC",
    "BCRB",
    "BAFR",
    "WROM",
    "WOTH",
    "REFU",
    "NOBT",
    None,
)
_SETTLED = ("allocated",) * 4 + ("signposted",) * 3 + ("no_further_action", "accepted", "withdrawn")
_OPEN = ("received", "in_triage", "accepted")
_SUMMARIES = (
    "A school noticed new phones and days missed, and asked for help.",
    "Found far from home with adults who could not say who they were.",
    "A parent is worried about messages at night and new expensive clothes.",
    "A youth worker heard of a debt to older people and of errands for them.",
)


def stories() -> Iterator[Story]:
    """One referral for each child, more of them in recent years."""
    dice = Dice("the population")
    days = (LAST_DAY - _FIRST_DAY).days
    received = sorted(
        _FIRST_DAY + timedelta(days=days - dice.below(days) * 2 // 3) for _ in range(HOW_MANY)
    )
    for place, received_on in enumerate(received):
        number = FIRST_NUMBER + place
        born_on = received_on - timedelta(days=dice.between(10 * 365 + 3, 18 * 365 + 200))
        recent = received_on > LAST_DAY - _NOT_SETTLED_YET
        yield Story(
            f"child-{number}",
            told(
                {
                    "type": dice.pick(("cse", "cce", "cce", "both")),
                    "source": dice.pick(("2A", "6", "5A", "1A", "3D", "3E", "5D", "9", "10")),
                    "source_ref": f"DEMO-{number}",
                    "received_on": received_on.isoformat(),
                    "summary": dice.pick(_SUMMARIES),
                    "looked_after": dice.pick((False, False, False, True, None)),
                    "child": {
                        "given_name": dice.pick(("Example", "Sample", "Specimen", "Instance")),
                        "family_name": f"Demochild {number}",
                        "date_of_birth": born_on.isoformat(),
                        "sex": dice.pick(("F", "F", "M", "M", "U", None)),
                        "ethnicity": dice.pick(_ETHNICITIES),
                        "identifiers": numbers(
                            number, nhs=dice.chance(0.9), pupil=dice.chance(0.4)
                        ),
                        "access": {"team": dice.pick((None, "north", "south", "west"))},
                    },
                }
            ),
            moves(received_on, dice.pick(_OPEN if recent else _SETTLED), place),
        )
