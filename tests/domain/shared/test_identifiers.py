"""Numbers of other systems, in one spelling: what is stored, what is refused."""

import pytest

from shared.domain.errors import ValueRefusedError
from shared.domain.identifiers import IdentifierType, spelled


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("nhs_number", "9990000018", "9990000018"),
        ("nhs_number", " 9990000018 ", "9990000018"),
        ("upn", "h373999919002", "H373999919002"),
        ("police_urn", " 14/ab-7 ", "14/AB-7"),
        ("council_id", "x" * 40, "X" * 40),
    ],
)
def test_an_identifier_is_stored_trimmed_and_in_capitals(
    kind: str, given: str, stored: str
) -> None:
    assert spelled(IdentifierType(kind), given) == stored


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("nhs_number", "9990000019"),
        ("nhs_number", "999 000 0018"),
        ("upn", "A373999919002"),
        ("police_urn", ""),
        ("police_urn", "14_7"),
        ("police_urn", "x" * 41),
        ("council_id", "stra\u00dfe"),
        ("council_id", "14\x007"),
    ],
)
def test_a_wrong_identifier_is_refused_without_repeating_it(kind: str, given: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        spelled(IdentifierType(kind), given)
    assert refused.value.code == "invalid_identifier"
    assert not given or given not in str(refused.value)
