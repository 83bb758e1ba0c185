"""What a token request is granted, and which secrets count."""

from datetime import timedelta

import pytest

from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.domain.grants import Grant, GrantRefusedError, grant
from services.gateway.domain.secrets import hash_secret, is_secret_of
from services.gateway.policy import load_policy
from shared.domain.secrets import weakness

POLICY = load_policy()
FEED = Consumer("police-feed", Kind.MACHINE, roles=frozenset({"feed"}))
ANALYST = Consumer("analyst", Kind.PERSON, "p-analyst", roles=frozenset({"analyst"}))
SCORING = Consumer("scoring", Kind.SERVICE, roles=frozenset({"service"}))
FEED_SCOPES = frozenset({"updates:write", "updates:read", "feeds:read", "codes:read"})


@pytest.mark.parametrize(
    ("consumer", "asked", "audience", "scopes", "minutes"),
    [
        (FEED, {}, "amber", FEED_SCOPES, 10),
        (FEED, {"audience": "amber"}, "amber", FEED_SCOPES, 10),
        (FEED, {"resource": "amber"}, "amber", FEED_SCOPES, 10),
        (FEED, {"audience": "amber", "resource": "amber"}, "amber", FEED_SCOPES, 10),
        (FEED, {"scope": "updates:write"}, "amber", frozenset({"updates:write"}), 10),
        (SCORING, {"audience": "referrals"}, "referrals", frozenset({"internal:events"}), 5),
    ],
)
def test_a_grant_is_what_was_asked_for_and_no_more(
    consumer: Consumer,
    asked: dict[str, str],
    audience: str,
    scopes: frozenset[str],
    minutes: int,
) -> None:
    expected = Grant(audience, scopes, timedelta(minutes=minutes))
    assert grant(POLICY, consumer, asked, demo=False) == expected


@pytest.mark.parametrize(
    ("consumer", "asked", "error"),
    [
        (FEED, {"scope": "referrals:decide"}, "invalid_scope"),
        (FEED, {"scope": "updates:write scores:read"}, "invalid_scope"),
        (FEED, {"scope": " "}, "invalid_scope"),
        (Consumer("x", Kind.MACHINE), {}, "invalid_scope"),
        (FEED, {"audience": "scoring"}, "invalid_target"),
        (FEED, {"audience": "amber", "resource": "scoring"}, "invalid_target"),
        (SCORING, {}, "invalid_target"),
        (SCORING, {"audience": "amber"}, "invalid_target"),
        (SCORING, {"audience": "scoring"}, "invalid_target"),
        (SCORING, {"audience": "referrals", "scope": "children:read"}, "invalid_scope"),
        (ANALYST, {}, "unauthorized_client"),
    ],
)
def test_what_is_not_held_is_refused_with_its_code(
    consumer: Consumer, asked: dict[str, str], error: str
) -> None:
    with pytest.raises(GrantRefusedError) as refused:
        grant(POLICY, consumer, asked, demo=False)
    assert refused.value.error == error


def test_in_a_demonstration_people_may_use_client_credentials() -> None:
    granted = grant(POLICY, ANALYST, {}, demo=True)
    assert granted.scopes == {
        "reports:read",
        "figures:publish",
        "feeds:read",
        "codes:read",
        "models:read",
        "reference:read",
        "training:read",
    }


def test_either_of_two_secrets_counts_and_no_other() -> None:
    kept = [hash_secret("first"), hash_secret("second")]
    assert is_secret_of("first", kept)
    assert is_secret_of("second", kept)
    assert not is_secret_of("third", kept)


@pytest.mark.parametrize("given", ["", "no such consumer"])
def test_a_consumer_without_secrets_has_none_that_fits(given: str) -> None:
    assert not is_secret_of(given, [])
    assert not is_secret_of(given, [hash_secret("first")])


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "Zq3v8Yk0xT5mWr7nLp2sJd9fHb4gCa6",
        "a" * 64,
        "please-change-me-0123456789-abcdefghij",
        "default-0123456789-abcdefghijklmno",
    ],
)
def test_a_weak_secret_is_known_as_one(secret: str) -> None:
    assert weakness(secret)


def test_a_random_secret_is_good() -> None:
    assert weakness("Zq3v8Yk0xT5mWr7nLp2sJd9fHb4gCa61") is None
