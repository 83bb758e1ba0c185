"""A professional's judgement beside a score: which one is in force when. DESIGN 2 (7) and 4.

The score stays as it is; the judgement's band stands before it until the judgement ends. A later
judgement replaces an earlier one for good.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from shared.domain.errors import FieldError, ForbiddenError, StateError

LONGEST = timedelta(days=366)
"""A judgement is looked at again within a year."""


class ReasonCode(StrEnum):
    """Why a professional judges otherwise than the score, or confirms it."""

    CONFIRMS = "confirms_the_score"
    OTHER_INFORMATION = "other_information"
    CONTEXT = "context_of_the_evidence"
    DISPUTED = "evidence_is_disputed"
    SAFETY_PLAN = "safety_plan_in_place"
    OTHER = "other"


class Step(StrEnum):
    """What may follow a judgement."""

    CONFIRMED = "confirmed"
    """A second person agrees to a band below a floor that has fired."""
    WITHDRAWN = "withdrawn"


class Harm(NamedTuple):
    """What speaks of harm in a score."""

    floors: Mapping[str, str]
    """The floors that have fired, each with its band."""
    statements: frozenset[tuple[str, str]]
    """The statements, by source and reference, on which indicators of harm rest."""


NONE_KNOWN = Harm({}, frozenset())


def harm_in(document: Mapping[str, Any]) -> Harm:
    """Read it from a score's document."""
    lines = document.get("contributions", ())
    present = [line for line in lines if line["kind"] == "harm" and line["present"]]
    return Harm(
        {floor["id"]: floor["band"] for floor in document.get("floors", ())},
        frozenset(
            (said["source"], said["source_ref"])
            for line in present
            for said in line["observations"]
        ),
    )


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judgement as it was made. In force from `on` (or its confirmation) until before `until`."""

    judgement_id: UUID
    model: str
    band: str
    on: date
    until: date
    needs_second: bool
    """Below a floor that has fired: it counts only once another person has confirmed it."""
    author: str
    position: int
    """The place in the journal from which it is known."""
    harm: Harm = NONE_KNOWN
    """What spoke of harm in the score it was made beside."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A confirmation or withdrawal, on a day in London, known from a position on."""

    judgement_id: UUID
    step: Step
    on: date
    position: int


class SecondPersonError(ForbiddenError):
    """The author can't be the second person, whichever credential is used."""

    code = "same_person"


class NothingToConfirmError(StateError):
    """The judgement needs no second person, has one, or is over."""

    code = "nothing_to_confirm"


class EndedError(StateError):
    """The judgement is over."""

    code = "judgement_ended"


def in_force(
    judgements: Iterable[Judgement],
    steps: Sequence[StepTaken],
    as_of: date,
    position: int | None = None,
) -> Judgement | None:
    """The judgement that stands before the score on a day, as known at a position (None: now)."""
    known = [each for each in steps if position is None or each.position <= position]
    begun = []
    for judgement in judgements:
        if position is not None and judgement.position > position:
            continue
        began = _began(judgement, known)
        if began is not None and began[0] <= as_of:
            begun.append((began[1], judgement))
    if not begun:
        return None
    _, latest = max(begun, key=lambda each: each[0])
    return latest if as_of < _ends(latest, known) else None


def _began(judgement: Judgement, known: Sequence[StepTaken]) -> tuple[date, int] | None:
    if not judgement.needs_second:
        return judgement.on, judgement.position
    for step in known:
        if step.judgement_id == judgement.judgement_id and step.step is Step.CONFIRMED:
            return step.on, step.position
    return None


def _ends(judgement: Judgement, known: Sequence[StepTaken]) -> date:
    withdrawn = (
        step.on
        for step in known
        if step.judgement_id == judgement.judgement_id and step.step is Step.WITHDRAWN
    )
    return min([judgement.until, *withdrawn])


def band_under(band: str, bands: Collection[str], renamed: Mapping[str, str]) -> str | None:
    """What a judged band is called under a version of the weights: the same, or what its `band_map`
    says. None: it was made about other bands, so it stands no longer and is to be made anew."""
    return band if band in bands else renamed.get(band)


def faults(band: str, bands: Sequence[str], until: date, today: date) -> list[FieldError]:
    """What is wrong with a judgement's band and its end."""
    found = []
    if band not in bands:
        said = ", ".join(bands)
        found.append(FieldError("/band", "unknown_band", f"A band of the model in force: {said}."))
    if not today < until <= today + LONGEST:
        message = f"A day after today, and no later than {today + LONGEST}."
        found.append(FieldError("/until", "out_of_range", message))
    return found


def needs_second(band: str, bands: Sequence[str], floor_bands: Iterable[str]) -> bool:
    """Whether a band lies below that of a floor that has fired. `bands` in rising order.

    Harm acts through floors, and no single person takes a child below one.
    """
    return any(bands.index(band) < bands.index(floor) for floor in floor_bands)


def highest(bands: Sequence[str], some: Iterable[str]) -> str | None:
    """The highest of some bands; None of none."""
    return max(some, key=bands.index, default=None)


def is_overtaken(
    band: str, known: Harm, now: Harm, bands: Sequence[str], renamed: Mapping[str, str]
) -> bool:
    """Whether a judged band lies below a floor that hadn't fired when it was judged, or not to so
    high a band, or is there while something new speaks of harm: whoever judged couldn't know. The
    judgement stands aside while that is so, and the score's band counts, until somebody judges anew
    (below the floor: two people). `bands` in rising order.
    """
    above = {
        floor: bands.index(its_band)
        for floor, its_band in now.floors.items()
        if bands.index(its_band) > bands.index(band)
    }
    knew = {
        floor: bands.index(called)
        for floor, its_band in known.floors.items()
        if (called := band_under(its_band, bands, renamed)) is not None
    }
    lifted = any(place > knew.get(floor, -1) for floor, place in above.items())
    return lifted or bool(above and now.statements - known.statements)


def check_confirmation(
    judgement: Judgement, steps: Sequence[StepTaken], person_id: str, today: date
) -> None:
    """Whether this person may confirm. Raises the error that says why not."""
    check_not_ended(judgement, steps, today)
    if not judgement.needs_second or _began(judgement, steps) is not None:
        raise NothingToConfirmError("This judgement doesn't wait for a second person.")
    if judgement.author == person_id:
        raise SecondPersonError("You made this judgement; somebody else has to confirm it.")


def check_not_ended(judgement: Judgement, steps: Sequence[StepTaken], today: date) -> None:
    """Raises `EndedError` where it was withdrawn or has expired."""
    if today >= _ends(judgement, steps):
        raise EndedError("This judgement is over; make another one.")
