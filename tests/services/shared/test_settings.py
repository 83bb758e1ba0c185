"""A service refuses to start with what could not work, and says what to write instead."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from services.referrals.app import create_app as create_referrals
from services.referrals.settings import Settings as ReferralsSettings
from services.scoring.app import create_app as create_scoring
from services.scoring.settings import Settings as ScoringSettings
from shared.settings import MissingUrlsError
from tests.support.databases import SqliteDatabases
from tests.support.service import SERVICE_SECRET

PASSWORD = "a-password-in-a-url"  # noqa: S105  # nobody's


@pytest.mark.parametrize(
    ("secret", "says"),
    [
        ("a-few-letters", "is shorter than 32"),
        ("a" * 40, "is not random"),
        ("change-me-0123456789-abcdefghijklmnop", "is a placeholder"),
    ],
)
def test_a_weak_secret_is_refused_and_nothing_is_repeated(secret: str, says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ScoringSettings(
            database_url=f"postgresql+psycopg://scoring:{PASSWORD}@database/scoring",
            client_secret=SecretStr(secret),
        )
    assert says in str(refused.value)
    assert "openssl rand -base64 32" in str(refused.value)
    assert secret not in str(refused.value)
    assert PASSWORD not in str(refused.value)


@pytest.mark.parametrize(
    ("create_app", "settings", "urls", "missing"),
    [
        (create_scoring, ScoringSettings, {}, "gateway, referrals"),
        (create_scoring, ScoringSettings, {"gateway": "http://gateway"}, "referrals"),
        (create_referrals, ReferralsSettings, {}, "gateway, scoring"),
        (
            create_referrals,
            ReferralsSettings,
            {"gateway": "http://gateway", "scoring": "scoring:8000"},
            "scoring",
        ),
    ],
)
def test_a_separate_service_needs_to_know_where_the_others_are(
    sqlite_databases: SqliteDatabases,
    create_app: Callable[[Any], Any],
    settings: type[Any],
    urls: dict[str, str],
    missing: str,
) -> None:
    alone = settings(
        database_url=sqlite_databases.empty(), client_secret=SecretStr(SERVICE_SECRET), urls=urls
    )
    with pytest.raises(MissingUrlsError) as refused:
        create_app(alone)
    assert f"AMBER_URLS has no http URL of {missing}. " in str(refused.value)
    assert f'"{missing.split(", ")[0]}": "http://' in str(refused.value)
