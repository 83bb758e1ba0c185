"""A little demonstration data, loaded through the public API as the systems around it would.

Every request carries an Idempotency-Key, so loading again changes nothing. No child is real:
names say so, and NHS numbers are from the range kept for tests.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

READY_WITHIN_SECONDS = 30
BEHIND = 503


class DemoError(Exception):
    """The tracker didn't take the demonstration data; the message says which request and why."""


@dataclass(slots=True)
class Consumer:
    """One consumer of the API, with its token."""

    http: httpx.Client
    client_id: str
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Call the API, waiting while a part of the tracker is still coming up or catching up."""
        until = time.monotonic() + READY_WITHIN_SECONDS
        while True:
            headers["Authorization"] = f"Bearer {self._token()}"
            answer = self.http.request(method, path, json=body, headers=headers)
            if answer.status_code != BEHIND or time.monotonic() > until:
                break
            time.sleep(0.1)
        if answer.is_error:
            raise DemoError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    def _token(self) -> str:
        if not self.token:
            answer = self.http.post(
                "/oauth2/token",
                data={"grant_type": "client_credentials"},
                auth=(self.client_id, self.secret),
            )
            answer.raise_for_status()
            self.token = answer.json()["access_token"]
        return self.token


REFERRALS: list[dict[str, Any]] = [
    {
        "type": "cse",
        "source": "2A",
        "source_ref": "DEMO-1",
        "received_on": "2026-09-14",
        "summary": "A school noticed new phones and days missed, and asked for help.",
        "child": {
            "given_name": "Example",
            "family_name": "Childone",
            "date_of_birth": "2011-04-03",
            "identifiers": [
                {"type": "nhs_number", "value": "9990000018"},
                {"type": "police_urn", "value": "DEMO/0001"},
            ],
        },
    },
    {
        "type": "cce",
        "source": "6",
        "source_ref": "DEMO-2",
        "received_on": "2026-10-05",
        "summary": "Found far from home with adults who could not say who they were.",
        "child": {
            "given_name": "Example",
            "family_name": "Childtwo",
            "date_of_birth": "2010-11-20",
            "identifiers": [{"type": "police_urn", "value": "DEMO/0002"}],
        },
    },
]

UPDATES: list[dict[str, Any]] = [
    {"urn": "DEMO/0001", "code": "missing_episode", "observed_on": "2026-09-20"},
    {"urn": "DEMO/0001", "code": "unexplained_money_or_goods", "observed_on": "2026-10-02"},
    {"urn": "DEMO/0001", "code": "concerning_phone_use", "observed_on": "2026-10-02"},
    {"urn": "DEMO/0002", "code": "missing_episode", "observed_on": "2026-10-04"},
    {"urn": "DEMO/0002", "code": "missing_episode", "observed_on": "2026-02-11"},
    {"urn": "DEMO/0002", "code": "cars_of_unknown_adults", "observed_on": "2026-10-04"},
    {"urn": "DEMO/0002", "code": "family_breakdown", "observed_on": "2024-05-01"},
]


def load(url: str, credentials: Mapping[str, Mapping[str, Any]]) -> str:
    """Load the data. Returns the id of a child that has a score to look at."""
    with httpx.Client(base_url=url, timeout=10) as http:

        def consumer(client_id: str) -> Consumer:
            return Consumer(http, client_id, credentials[client_id]["secret"])

        _approve(consumer("weights-author"), consumer("weights-approver"))
        child_ids = _refer(consumer("council-case-system"), consumer("social-worker"))
        _push(consumer("police-feed"))
    return child_ids[1]


def _approve(author: Consumer, approver: Consumer) -> None:
    path = "/v1/models/seraf/versions/1.0"
    version = author.call("GET", path).json()
    if version["state"] == "approved":
        return
    author.call(
        "POST",
        f"{path}/proposal",
        {"reason": "The published form, to show how Amber works."},
        **{"Idempotency-Key": "demo-proposal-1"},
    )
    approver.call(
        "POST",
        f"{path}/approval",
        {
            "document_hash": version["document_hash"],
            "reason": "Read against the published form; every published case agrees.",
            "imported_in_force_from": "2020-08-01",
        },
        **{"Idempotency-Key": "demo-approval-1"},
    )


def _refer(council: Consumer, worker: Consumer) -> list[str]:
    child_ids = []
    for referral in REFERRALS:
        key = f"demo-referral-{referral['source_ref']}"
        answer = council.call("POST", "/v1/referrals", referral, **{"Idempotency-Key": key})
        child_ids.append(answer.json()["child_id"])
        if referral["source_ref"] == "DEMO-1":
            _signpost(worker, answer.headers["Location"])
    return child_ids


def _signpost(worker: Consumer, referral: str) -> None:
    steps = [
        {"command": "start_triage"},
        {
            "command": "signpost",
            "to": "cyt",
            "reason": "Early help fits what is known today; the youth team knows the family.",
            "score_id": None,
        },
    ]
    for number, step in enumerate(steps):
        key = f"demo-signpost-{number}"
        worker.call("POST", f"{referral}/transitions", step, **{"Idempotency-Key": key})


def _push(police: Consumer) -> None:
    items = [
        {
            "source_ref": f"DEMO-{number}",
            "revision": 1,
            "child": {"identifiers": [{"type": "police_urn", "value": update["urn"]}]},
            "code": update["code"],
            "answer": "yes",
            "observed_on": update["observed_on"],
        }
        for number, update in enumerate(UPDATES)
    ]
    police.call("POST", "/v1/indicator-updates", items, **{"Idempotency-Key": "demo-updates-1"})
