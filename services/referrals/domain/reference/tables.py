"""The lists themselves. DfE: children in need and looked-after censuses as used in 2024-26; police:
self-defined ethnicity 16+1; and the tracker's own."""

from collections.abc import Mapping
from datetime import date

from services.referrals.domain.cases.words import (
    ATTENDANCE_TITLES,
    CONTACT_TITLES,
    HEALTH_TITLES,
)
from services.referrals.domain.codes import (
    DISABILITY_TITLES,
    ETHNICITY_SOURCE_TITLES,
    ETHNICITY_TITLES,
    LEGAL_STATUS_TITLES,
    NAME_KIND_TITLES,
    SEX_TITLES,
)
from services.referrals.domain.reference.lists import Code, CodeList, Owner
from services.referrals.domain.training import AUDIENCE_TITLES, MODE_TITLES

CENSUS_BEGINS = date(2024, 4, 1)
"""The lists are those of the censuses from 2024 on: what stands in them counted by then, what was
retired before counted no more by then."""
TRACKER_BEGINS = date(2020, 4, 1)
"""The first year that the tracker's own lists describe."""

_CIN = "DfE children in need census, 2024-26"
_TRAVELLER = (
    "The police list has no code for Gypsy/Roma (WROM) or Traveller of Irish heritage (WIRT):"
    " either may be counted here."
)


def _dfe(titles: Mapping[str, str]) -> tuple[Code, ...]:
    return tuple(Code(code, title, CENSUS_BEGINS) for code, title in titles.items())


def _own(titles: Mapping[str, str]) -> tuple[Code, ...]:
    return tuple(Code(code, title, TRACKER_BEGINS) for code, title in titles.items())


_SOURCES = {
    "1A": "Individual: family member, relative or carer",
    "1B": "Individual: acquaintance",
    "1C": "Individual: self",
    "1D": "Individual: other",
    "2A": "Schools",
    "2B": "Education services",
    "3A": "Health: GP",
    "3B": "Health: health visitor",
    "3C": "Health: school nurse",
    "3D": "Health: other primary health services",
    "3E": "Health: A&E",
    "3F": "Health: other",
    "4": "Housing",
    "5A": "Local authority: social care",
    "5B": "Local authority: other internal",
    "5C": "Local authority: another authority",
    "5D": "Local authority: early help",
    "6": "Police",
    "7": "Other legal agency",
    "8": "Other",
    "9": "Anonymous",
    "10": "Not known",
}

_WHOM = {"A": "the child", "B": "a parent or carer", "C": "another person in the household"}
_FACTORS = {
    **{
        f"{number}{whom}": f"{title}: {words}"
        for number, title in (
            ("1", "Alcohol"),
            ("2", "Drugs"),
            ("3", "Domestic abuse"),
            ("4", "Mental health"),
            ("5", "Learning disability"),
            ("6", "Physical disability or illness"),
        )
        for whom, words in _WHOM.items()
    },
    "7A": "Young carer",
    # Which arrangement each letter stands for is not in the list that we have.
    **{f"8{letter}": f"Privately fostered ({letter})" for letter in "BCDEF"},
    "9A": "Unaccompanied asylum-seeking child",
    "10A": "Missing",
    "11A": "Child sexual exploitation",
    "12A": "Trafficking",
    "13A": "Gangs",
    "14A": "Socially unacceptable behaviour (the census's own words)",
    "15A": "Self-harm",
    "16A": "Neglect",
    "17A": "Emotional abuse",
    "18B": "Physical abuse: by another child",
    "18C": "Physical abuse: by an adult",
    "19B": "Sexual abuse: by another child",
    "19C": "Sexual abuse: by an adult",
    "20": "Other",
    "21": "None",
    "22A": "Female genital mutilation",
    "23A": "Abuse linked to faith or belief",
    "24A": "Child criminal exploitation",
}
_RETIRED_FACTORS = (
    Code("18A", "Physical abuse", ended_by=CENSUS_BEGINS),
    Code("19A", "Sexual abuse", ended_by=CENSUS_BEGINS),
)

_POLICE = tuple(
    Code(code, title, CENSUS_BEGINS, maps_to=to, loss=loss)
    for code, title, to, loss in (
        ("W1", "White British", "WBRI", _TRAVELLER),
        ("W2", "White Irish", "WIRI", _TRAVELLER),
        ("W9", "Any other White background", "WOTH", _TRAVELLER),
        ("M1", "White and Black Caribbean", "MWBC", None),
        ("M2", "White and Black African", "MWBA", None),
        ("M3", "White and Asian", "MWAS", None),
        ("M9", "Any other Mixed background", "MOTH", None),
        ("A1", "Indian", "AIND", None),
        ("A2", "Pakistani", "APKN", None),
        ("A3", "Bangladeshi", "ABAN", None),
        ("A9", "Any other Asian background", "AOTH", None),
        ("B1", "Caribbean", "BCRB", None),
        ("B2", "African", "BAFR", None),
        ("B9", "Any other Black background", "BOTH", None),
        ("O1", "Chinese", "CHNE", None),
        ("O9", "Any other ethnic group", "OOTH", None),
        (
            "NS",
            "Not stated",
            None,
            "Not stated may be refused (REFU) or not yet obtained (NOBT): the police list doesn't"
            " tell them apart, so it maps to neither.",
        ),
    )
)

_ALL = (
    CodeList("sex", "Sex", Owner.DFE, _CIN, _dfe(SEX_TITLES)),
    CodeList("ethnicity", "Ethnicity", Owner.DFE, _CIN, _dfe(ETHNICITY_TITLES)),
    CodeList(
        "ethnicity-sources",
        "Who stated an ethnicity",
        Owner.AMBER,
        "Amber",
        _own(ETHNICITY_SOURCE_TITLES),
    ),
    CodeList("name-kinds", "Kinds of names", Owner.AMBER, "Amber", _own(NAME_KIND_TITLES)),
    CodeList("disabilities", "Disability", Owner.DFE, _CIN, _dfe(DISABILITY_TITLES)),
    CodeList(
        "police-ethnicity",
        "Self-defined ethnicity, 16+1",
        Owner.POLICE,
        "Police self-defined ethnicity 16+1",
        _POLICE,
        maps_to="ethnicity",
        note="WIRT and WROM are never reached from here: keep what social care or health recorded.",
    ),
    CodeList("referral-sources", "Referral source", Owner.DFE, _CIN, _dfe(_SOURCES)),
    CodeList(
        "assessment-factors",
        "Factors found at the end of an assessment",
        Owner.DFE,
        _CIN,
        (*_dfe(_FACTORS), *_RETIRED_FACTORS),
        note="18A and 19A were replaced by B and C. On which day is not known here.",
    ),
    CodeList(
        "legal-status",
        "Legal status of looked-after children",
        Owner.DFE,
        "DfE looked-after children census, 2024-26",
        _dfe(LEGAL_STATUS_TITLES),
    ),
    CodeList(
        "missing-types",
        "Missing from placement",
        Owner.DFE,
        "DfE looked-after children census, 2024-26",
        _dfe({"M": "Missing", "A": "Away without authorisation"}),
    ),
    CodeList("contact-kinds", "Kinds of contact", Owner.AMBER, "Amber", _own(CONTACT_TITLES)),
    CodeList("attendance", "How a contact went", Owner.AMBER, "Amber", _own(ATTENDANCE_TITLES)),
    CodeList("health-kinds", "Specialist nurse's work", Owner.AMBER, "Amber", _own(HEALTH_TITLES)),
    CodeList(
        "training-audiences", "Audiences of training", Owner.AMBER, "Amber", _own(AUDIENCE_TITLES)
    ),
    CodeList("training-modes", "Ways of training", Owner.AMBER, "Amber", _own(MODE_TITLES)),
)

LISTS: Mapping[str, CodeList] = {each.name: each for each in _ALL}
"""Every list by its name."""
