"""Reading what one has written: a position that can't ever be reached is refused, not awaited."""

import pytest

from tests.support.databases import SqliteDatabases
from tests.support.scoring import scoring_on
from tests.support.service import SettableClock


@pytest.mark.parametrize(
    ("position", "status", "code"),
    [
        ("scoring:1", 200, None),
        ("scoring:999999", 503, "behind"),
        ("referrals:1", 503, "behind"),
        ("gateway:1", 422, "unknown_source"),
        ("refferals:1", 422, "unknown_source"),
        ("12", 422, "wrong_form"),
    ],
)
def test_a_read_waits_only_for_a_source_that_is_read(
    sqlite_databases: SqliteDatabases,
    clock: SettableClock,
    position: str,
    status: int,
    code: str | None,
) -> None:
    scoring = scoring_on(sqlite_databases, clock)
    scoring.child()
    answer = scoring.practitioner().get("/v1/models", headers={"Amber-Min-Position": position})
    said = answer.json()
    assert answer.status_code == status, said
    if code is not None:
        assert code in {said["code"], *(each["code"] for each in said.get("errors", []))}
    if code == "unknown_source":
        assert said["errors"][0]["message"].endswith("positions of referrals, scoring.")
    scoring.service.database.engine.dispose()
