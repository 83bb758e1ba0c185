"""What a new referral adds to a known child, and what it leaves as it is."""

from datetime import date
from uuid import UUID

import pytest

from services.referrals.domain.child import Child, Details, GivenChild, Identifier, meet
from services.referrals.domain.codes import Ethnicity, Sex
from shared.domain.access import AccessFacts
from shared.domain.identifiers import IdentifierType

NHS = Identifier(IdentifierType.NHS_NUMBER, "9990000018")
URN = Identifier(IdentifierType.POLICE_URN, "14/1")
F, U = Sex.FEMALE, Sex.UNKNOWN
WBRI, NOBT = Ethnicity.WHITE_BRITISH, Ethnicity.NOT_YET_OBTAINED
BORN, OTHER = date(2012, 1, 1), date(2012, 10, 1)


def known(details: Details) -> Child:
    return Child(
        UUID("01890000-0000-7000-8000-000000000001"),
        frozenset({NHS}),
        details,
        AccessFacts(team="north"),
    )


@pytest.mark.parametrize(
    ("before", "sent", "after", "differing"),
    [
        (Details(), Details(), Details(), {}),
        (Details(), Details("Example", "Child"), Details("Example", "Child"), {}),
        (Details("Example"), Details(None), Details("Example"), {}),
        (Details("Example"), Details("EXAMPLE"), Details("Example"), {}),
        (Details("Example"), Details("Sample"), Details("Example"), {"given_name": "Sample"}),
        (Details(None, "A"), Details(None, "B"), Details(None, "A"), {"family_name": "B"}),
        (
            Details(),
            Details(date_of_birth=BORN, date_of_birth_estimated=True),
            Details(date_of_birth=BORN, date_of_birth_estimated=True),
            {},
        ),
        (Details(date_of_birth=BORN), Details(), Details(date_of_birth=BORN), {}),
        (
            Details(date_of_birth=BORN),
            Details(date_of_birth=OTHER),
            Details(date_of_birth=BORN),
            {"date_of_birth": "2012-10-01"},
        ),
        (
            Details(date_of_birth=BORN),
            Details(date_of_birth=BORN, date_of_birth_estimated=True),
            Details(date_of_birth=BORN),
            {},
        ),
        # A name is no code, whatever it looks like.
        (Details("U"), Details("Example"), Details("U"), {"given_name": "Example"}),
        (Details(), Details(sex=F), Details(sex=F), {}),
        (Details(sex=F), Details(), Details(sex=F), {}),
        (Details(sex=F), Details(sex=Sex.MALE), Details(sex=F), {"sex": "M"}),
        (Details(sex=U), Details(sex=F), Details(sex=F), {}),
        (Details(sex=U), Details(), Details(sex=U), {}),
        (Details(sex=F), Details(sex=U), Details(sex=F), {}),
        (Details(), Details(ethnicity=NOBT), Details(ethnicity=NOBT), {}),
        (Details(ethnicity=NOBT), Details(ethnicity=WBRI), Details(ethnicity=WBRI), {}),
        (Details(ethnicity=WBRI), Details(ethnicity=NOBT), Details(ethnicity=WBRI), {}),
        (
            Details(ethnicity=Ethnicity.REFUSED),
            Details(ethnicity=WBRI),
            Details(ethnicity=Ethnicity.REFUSED),
            {"ethnicity": "WBRI"},
        ),
        (
            Details(expected_on=BORN),
            Details(date_of_birth=OTHER),
            Details(expected_on=BORN, date_of_birth=OTHER),
            {},
        ),
        (
            Details(expected_on=BORN),
            Details(expected_on=OTHER),
            Details(expected_on=BORN),
            {"expected_on": "2012-10-01"},
        ),
    ],
)
def test_what_is_missing_is_filled_in_and_what_is_known_stays(
    before: Details, sent: Details, after: Details, differing: dict[str, str]
) -> None:
    met = meet(known(before), GivenChild(frozenset({NHS}), sent))
    assert met.child == known(after)
    assert met.differing == differing


def test_new_identifiers_are_added_and_access_is_only_narrowed() -> None:
    given = GivenChild(frozenset({NHS, URN}), access=AccessFacts("south", restricted=True))
    met = meet(known(Details()), given)
    assert met.child.identifiers == {NHS, URN}
    assert met.child.access == AccessFacts(team="north", restricted=True)
    assert met.differing == {"team": "south"}
    assert meet(met.child, GivenChild()).child.access == met.child.access
