"""Screening tools: what a professional answered at a referral counts like any other statement."""

import logging
from collections.abc import Iterator

from services.scoring.domain.intake import Update
from services.scoring.service.intake import Item, Sender, take_in
from services.scoring.service.weights import Weights
from services.scoring.store.revisions import said_under
from shared.contracts.events import ScreeningAnswered
from shared.storage.writing import Writing

log = logging.getLogger("amber.screening")

SOURCE = "screening"
SENDER = Sender("referrals", SOURCE, silence=None)
"""People answer when there is a concern: that nobody does is no silence."""


def take_screening(transaction: Writing, weights: Weights, event: ScreeningAnswered) -> None:
    """Take in the answers, one statement a code. A higher revision takes back what it leaves out.

    What no version of the weights reads is kept with the receipt, like any update that is refused.
    """
    updates = [*_answers(event), *_left_out(transaction, weights, event)]
    items = [Item(place, _as_sent(one), one, one) for place, one in enumerate(updates)]
    if not items:
        return
    receipt = take_in(transaction, SENDER, weights, items)
    if refused := [each for each in receipt.results if each["result"] in {"rejected", "conflict"}]:
        log.error("screening: %d answers can't be taken, see the receipt", len(refused))


def _answers(event: ScreeningAnswered) -> Iterator[Update]:
    for given in event.answers:
        yield _update(event, given.code, given.answer)


def _left_out(transaction: Writing, weights: Weights, event: ScreeningAnswered) -> Iterator[Update]:
    answered = {given.code for given in event.answers}
    # Each code by name: how databases sort text depends on their locale.
    references = [_reference(event, code) for code in weights.codes(transaction.connection)]
    for said in said_under(transaction.connection, SOURCE, references):
        if said.code not in answered and said.revision < event.revision:
            yield _update(event, said.code, said.answer, retracted=True)


def _update(event: ScreeningAnswered, code: str, answer: str, *, retracted: bool = False) -> Update:
    return Update(
        source=SOURCE,
        source_ref=_reference(event, code),
        revision=event.revision,
        child_id=event.child_id,
        identifiers=(),
        code=code,
        answer=answer,
        observed_on=event.observed_on,
        retracted=retracted,
    )


def _as_sent(one: Update) -> dict[str, str | int]:
    """What is kept of an answer that is refused."""
    return {
        "source_ref": one.source_ref,
        "revision": one.revision,
        "child_id": str(one.child_id),
        "code": one.code,
        "answer": one.answer,
        "observed_on": one.observed_on.isoformat(),
    }


def _reference(event: ScreeningAnswered, code: str) -> str:
    return f"{event.screening_id}:{code}"
