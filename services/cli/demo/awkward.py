"""Children whose records are not simple, one story each. Merged ones come when children can be
merged."""

from collections.abc import Iterator, Mapping
from datetime import date

from services.cli.demo.stories import Story, moves, numbers, told

Fact = str | bool | Mapping[str, str | bool]

SHOWN = "shown"
"""The key of the child that `amber up` points at."""


def stories() -> Iterator[Story]:
    """Each says in its key what is awkward about it. Numbers from 3000 on."""
    yield _story(SHOWN, 3000, "2026-09-14", "in_triage", date_of_birth="2011-04-03", sex="F")
    yield from _twins()
    yield from _adopted()
    yield _story(
        "estimated-birth-date",
        3010,
        "2024-02-05",
        "allocated",
        date_of_birth="2008-07-01",
        date_of_birth_estimated=True,
    )
    yield _story("no-birth-date", 3011, "2025-11-20", "accepted", sex="M")
    yield from _unborn()
    yield _story(
        "no-nhs-number", 3014, "2025-05-12", "signposted", nhs=False, date_of_birth="2010-03-08"
    )
    yield _story("only-a-name", None, "2026-08-03", "received", date_of_birth="2011-12-19")
    yield _story("turned-18", 3016, "2024-06-11", "allocated", date_of_birth="2006-09-02")
    yield _story("referred-at-20", 3017, "2025-03-17", "accepted", date_of_birth="2004-11-30")
    yield _story("under-10", 3018, "2026-01-22", "signposted", date_of_birth="2016-05-06")
    yield _story("born-29-february", 3019, "2026-02-27", "allocated", date_of_birth="2012-02-29")
    yield _story(
        "restricted",
        3020,
        "2026-04-14",
        "received",  # the social worker of the demonstration can't see this child to go on
        date_of_birth="2010-10-10",
        access={"restricted": True, "team": "north"},
    )


def _twins() -> Iterator[Story]:
    # Same family name, same birth date: only the numbers tell them apart.
    for number, given_name in ((3001, "Sample"), (3002, "Specimen")):
        yield _story(
            f"twin-{given_name.lower()}",
            number,
            "2025-10-01",
            "allocated",
            given_name=given_name,
            family_name="Demotwin",
            date_of_birth="2011-08-15",
            sex="F",
        )


def _adopted() -> Iterator[Story]:
    # The name of the second referral is kept with it as sent; the council's id is the same.
    for key, received_on, family_name in (
        ("before-adoption", "2022-03-10", "Demobirthname"),
        ("after-adoption", "2025-09-18", "Demoadopted"),
    ):
        yield _story(
            key,
            3005,
            received_on,
            "signposted",
            family_name=family_name,
            date_of_birth="2010-01-25",
            sex="M",
        )


def _unborn() -> Iterator[Story]:
    yield _story("unborn", 3012, "2026-07-08", "accepted", nhs=False, expected_on="2026-12-04")
    name = "Demochild 3013"
    yield _story(
        "not-born-yet",
        3013,
        "2025-12-01",
        "accepted",
        nhs=False,
        family_name=name,
        expected_on="2026-02-20",
    )
    yield _story(
        "born-since", 3013, "2026-04-02", "received", family_name=name, date_of_birth="2026-02-24"
    )


def _story(
    key: str, number: int | None, received_on: str, outcome: str, *, nhs: bool = True, **child: Fact
) -> Story:
    identifiers = [] if number is None else numbers(number, nhs=nhs)
    names = {"given_name": "Example", "family_name": f"Demochild {key}"}
    if "expected_on" in child:
        del names["given_name"]
    referral = {
        "type": "cce" if key == "no-birth-date" else "cse",
        "source": "5A",
        "source_ref": f"DEMO-{key.upper()}",
        "received_on": received_on,
        "summary": "One of the records that are not simple; see the demonstration's notes.",
        "child": {**names, "identifiers": identifiers, **child},
    }
    return Story(key, told(referral), moves(date.fromisoformat(received_on), outcome, number or 0))
