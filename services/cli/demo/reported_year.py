"""April 2020 to March 2021, as reported to the Scrutiny Committee on 9 February 2022.

The 29 referrals about sexual exploitation add up to the report: quarters 2, 2, 7 and 18; ages 2, 23
and 4; all girls; 23 White British and 6 without a statement; 6 looked after; 20 allocated and 9
signposted to the Community Youth Team. More referrals were about criminal exploitation; of those
the report gives no numbers, so they are made up. The year before is known by its total only.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from services.cli.demo.dice import Dice
from services.cli.demo.stories import Story, moves, numbers, told

FIRST_NUMBER = 1000
OTHERS = ("cce",) * 41 + ("both",) * 8

# Received, born, ethnicity (- is not stated), looked after, outcome.
CSE_REFERRALS = """
2020-04-21  2005-02-11  WBRI  no   allocated
2020-06-09  2004-08-30  WBRI  yes  allocated
2020-07-15  2005-11-02  WBRI  no   signposted
2020-09-24  2004-03-19  -     no   allocated
2020-10-06  2006-05-25  WBRI  no   allocated
2020-10-19  2005-07-08  WBRI  no   signposted
2020-11-03  2007-09-14  WBRI  no   allocated
2020-11-12  2004-12-01  WBRI  yes  allocated
2020-11-26  2005-04-17  -     no   allocated
2020-12-04  2003-06-22  WBRI  no   allocated
2020-12-17  2006-01-09  WBRI  no   signposted
2021-01-06  2005-10-28  WBRI  no   allocated
2021-01-11  2004-05-03  WBRI  yes  allocated
2021-01-14  2006-08-16  WBRI  no   signposted
2021-01-19  2005-03-30  -     no   allocated
2021-01-22  2003-11-05  WBRI  no   allocated
2021-01-27  2004-09-21  WBRI  no   signposted
2021-02-02  2006-02-28  WBRI  yes  allocated
2021-02-05  2007-06-12  WBRI  no   signposted
2021-02-09  2005-12-24  WBRI  no   allocated
2021-02-16  2004-07-07  -     no   allocated
2021-02-19  2003-02-14  WBRI  yes  allocated
2021-02-25  2006-10-31  WBRI  no   signposted
2021-03-02  2005-01-20  WBRI  no   allocated
2021-03-05  2004-04-26  -     no   allocated
2021-03-11  2003-08-08  WBRI  no   allocated
2021-03-16  2006-06-03  WBRI  no   signposted
2021-03-22  2005-09-15  WBRI  yes  allocated
2021-03-30  2007-01-27  -     no   signposted
"""

PUBLISHED_FIGURE = {
    "period": "2019-20",
    "type": "cse",
    "referrals": 139,
    "source": "Sexual Exploitation Service (Amber Project) Report 2020-2021, Scrutiny Committee, "
    "9 February 2022",
    "reason": "The year before has no records here; the report names its total for comparison.",
}


def stories() -> Iterator[Story]:
    """The referrals of the year, in the order in which they were received."""
    found = [*_cse_stories(), *_other_stories()]
    yield from sorted(found, key=lambda story: (story.referral["received_on"], story.key))


def _cse_stories() -> Iterator[Story]:
    sources = ("2A", "6", "5A", "3D", "2A", "1A")
    for place, row in enumerate(CSE_REFERRALS.split("\n")[1:-1]):
        received_on, born_on, ethnicity, looked_after, outcome = row.split()
        number = FIRST_NUMBER + place
        referral = {
            "type": "cse",
            "source": sources[place % len(sources)],
            "source_ref": f"DEMO-CSE-{place + 1:02d}",
            "received_on": received_on,
            "summary": "A worry about older people in contact with this child, online and in town.",
            "looked_after": looked_after == "yes",
            "child": {
                "given_name": "Example",
                "family_name": f"Demochild {number}",
                "date_of_birth": born_on,
                "sex": "F",
                "ethnicity": None if ethnicity == "-" else ethnicity,
                "identifiers": numbers(number, pupil=place % 3 == 0),
            },
        }
        way = moves(date.fromisoformat(received_on), outcome, place)
        yield Story(f"cse-{place + 1:02d}", told(referral), way)


def _other_stories() -> Iterator[Story]:
    dice = Dice("the reported year")
    for place, kind in enumerate(OTHERS):
        number = FIRST_NUMBER + 100 + place
        received_on = date(2020, 4, 1) + timedelta(days=dice.below(365))
        born_on = received_on - timedelta(days=dice.between(11 * 365 + 3, 18 * 365))
        referral = {
            "type": kind,
            "source": dice.pick(("6", "6", "5A", "2A", "2B", "4", "7")),
            "source_ref": f"DEMO-{kind.upper()}-{place + 1:02d}",
            "received_on": received_on.isoformat(),
            "summary": "Found with money and a second phone, far from home; older people near.",
            "looked_after": dice.pick((False, False, False, True, None)),
            "child": {
                "given_name": dice.pick(("Example", "Sample", "Specimen")),
                "family_name": f"Demochild {number}",
                "date_of_birth": born_on.isoformat(),
                "sex": dice.pick(("M", "M", "M", "F", "U")),
                "ethnicity": dice.pick(("WBRI", "WBRI", "APKN", "MWBC", "BAFR", "NOBT", None)),
                "identifiers": numbers(number, pupil=dice.chance(0.3)),
            },
        }
        outcome = dice.pick(("allocated", "allocated", "signposted", "no_further_action"))
        yield Story(f"{kind}-{place + 1:02d}", told(referral), moves(received_on, outcome, place))
