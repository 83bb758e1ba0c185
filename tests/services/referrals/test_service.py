"""The service as a whole: who may call it, what it needs, what it says of itself."""

import re
from threading import Event

import httpx
import pytest
from joserfc.jwk import OKPKey

from services.referrals.api import examples
from services.referrals.api.child_view import ChildView
from services.referrals.api.drafts import ReferralDraft
from services.referrals.api.history_views import ReferralHistory
from services.referrals.api.requests import (
    ReferralDraftRequest,
    ReferralRequest,
    ScreeningGiven,
    TransitionRequest,
)
from services.referrals.api.screenings import ScreeningCorrection
from services.referrals.api.transitions import TransitionList
from services.referrals.api.views import ReferralView
from services.referrals.app import MIGRATIONS
from shared.contracts.caller import Caller
from shared.storage.migrations import newest_revision
from tests.services.referrals.support import (
    Referrals,
    assembled,
    rating_changed,
    referral,
    scoring_says,
)
from tests.support.databases import Databases
from tests.support.service import SettableClock

NOBODY = "01890000-0000-7000-8000-000000000000"


def routes(referrals: Referrals) -> list[tuple[str, str]]:
    paths = referrals.app.openapi()["paths"]
    found = [(method, path) for path, methods in paths.items() for method in methods]
    return [*found, ("get", "/internal/events")]


def test_every_route_needs_a_caller_with_a_scope(referrals: Referrals) -> None:
    nobody, without_scope = referrals.client(), referrals.client()
    del nobody.headers["Authorization"]
    assert ("post", "/v1/referrals") in routes(referrals)
    for method, template in routes(referrals):
        path = re.sub(r"\{\w+\}", NOBODY, template)
        body = b"{}" if method == "post" else None
        headers = {"Content-Type": "application/json"}
        response = nobody.request(method, path, content=body, headers=headers)
        assert (response.status_code, response.json()["code"]) == (401, "missing_token"), path
        assert "WWW-Authenticate" in response.headers
        response = without_scope.request(method, path, content=body, headers=headers)
        assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope"), path


def test_a_token_that_is_expired_foreign_or_for_another_service_is_refused(
    referrals: Referrals,
) -> None:
    caller = Caller("test-system", "machine", scopes=frozenset({"referrals:write"}))
    forger = Referrals(
        referrals.app, referrals.clock, OKPKey.generate_key("Ed25519", {"kid": "test"})
    )
    foreign = forger.token(caller)
    referrals.service.trusted_keys.learn({"keys": [referrals.key.as_dict(private=False)]})
    for token, code in (
        (referrals.token(caller, exp=1), "expired_token"),
        (referrals.token(caller, aud="scoring"), "invalid_token"),
        (referrals.token(caller, iss="other"), "invalid_token"),
        (foreign, "invalid_token"),
        ("nonsense", "invalid_token"),
    ):
        response = referrals.client().post(
            "/v1/referrals", json=referral(), headers={"Authorization": f"Bearer {token}"}
        )
        assert (response.status_code, response.json()["code"]) == (401, code)


def test_it_is_live_before_the_gateway_is_there_and_ready_after(
    databases: Databases, clock: SettableClock
) -> None:
    key, up, read_to_the_end = OKPKey.generate_key("Ed25519", {"kid": "k"}), Event(), Event()
    feed = scoring_says([rating_changed(NOBODY)])

    def connect(name: str) -> httpx.AsyncClient:
        scoring = feed(name)

        async def answer(request: httpx.Request) -> httpx.Response:
            if not up.is_set():
                return httpx.Response(503)
            if request.url.path == "/.well-known/jwks.json":
                return httpx.Response(200, json={"keys": [key.as_dict(private=False)]})
            if request.url.params.get("after") == "1":
                read_to_the_end.set()
            return await scoring.send(request)

        return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url=f"http://{name}")

    referrals = assembled(databases.fresh("referrals"), clock, connect)
    referrals.service.trusted_keys.keys = None
    with referrals.client() as client:
        assert client.get("/livez").status_code == 200
        before = client.get("/readyz")
        assert (before.status_code, before.json()["checks"]["database"]) == (503, "ok")
        assert before.json()["checks"]["keys"] != "ok"
        up.set()
        assert read_to_the_end.wait(20)
        # The keys are fetched beside the feed: ask until they are there.
        while client.get("/readyz").status_code != 200:
            pass
        assert client.get("/readyz").json() == {
            "status": "ready",
            "checks": {"database": "ok", "keys": "ok", "loops": "ok"},
        }
        assert client.get("/version").json()["service"] == "referrals"
    referrals.close()


def test_it_is_not_ready_without_its_schema(databases: Databases, clock: SettableClock) -> None:
    referrals = assembled(databases.empty(), clock)
    response = referrals.client().get("/readyz")
    assert (response.status_code, response.json()["checks"]["database"]) == (
        503,
        f"schema None, expected {newest_revision(MIGRATIONS)}",
    )
    referrals.close()


@pytest.mark.parametrize(
    ("model", "example"),
    [
        (ReferralRequest, examples.REFERRAL_REQUEST),
        (TransitionRequest, examples.TRANSITION_REQUEST),
        (ReferralView, examples.REFERRAL),
        (ReferralHistory, examples.HISTORY),
        (ReferralDraft, examples.DRAFT),
        (ScreeningGiven, examples.SCREENING),
        (ScreeningCorrection, examples.SCREENING_CORRECTION),
        (ReferralDraftRequest, examples.DRAFT_REQUEST),
        (TransitionList, examples.TRANSITIONS),
        (ChildView, examples.CHILD),
    ],
)
def test_every_example_is_a_true_one(model: type, example: dict[str, object]) -> None:
    parsed = model.model_validate(example)  # type: ignore[attr-defined]  # all are pydantic models
    assert parsed.model_dump(mode="json", by_alias=True, exclude_unset=True) == example
