"""`/v1/reference`: code lists. They say nothing about anybody, so they may be kept for a day."""

from datetime import date
from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.referrals.api.fields import Day
from services.referrals.api.views import View
from services.referrals.domain.reference.lists import Code, CodeList, Owner, Valid, codes_at
from services.referrals.domain.reference.tables import LISTS
from shared.contracts.caller import Caller
from shared.domain.errors import NotFoundError
from shared.http.callers import needs
from shared.http.problems import problem_responses
from shared.http.strict_json import StrictJsonRoute

router = APIRouter(prefix="/v1/reference", tags=["Reference data"], route_class=StrictJsonRoute)

Reader = Annotated[Caller, needs("reference:read")]
_KEEP_A_DAY = "private, max-age=86400"


class ReferenceCodeView(View):
    """A code, and what is known of when it counted."""

    code: Annotated[str, Field(examples=["WBRI"])]
    title: Annotated[str, Field(examples=["White British"])]
    in_force_by: Annotated[
        date | None,
        Field(description="It counted from this day on, perhaps earlier; null: not known."),
    ]
    ended_by: Annotated[
        date | None,
        Field(description="It counted no more from this day on, perhaps earlier; null: in use."),
    ]
    valid: Annotated[
        Valid | None, Field(description="Whether it counted on the day `at`; null without `at`.")
    ]
    maps_to: Annotated[str | None, Field(description="The code of the list it is mapped to.")]
    loss: Annotated[str | None, Field(description="What the mapping can't carry over.")]

    @classmethod
    def of(cls, code: Code, valid: Valid | None) -> Self:
        """The view of a code."""
        return cls(
            code=code.code,
            title=code.title,
            in_force_by=code.in_force_by,
            ended_by=code.ended_by,
            valid=valid,
            maps_to=code.maps_to,
            loss=code.loss,
        )


class CodeListSummary(View):
    """A list of codes, without them."""

    name: Annotated[str, Field(examples=["ethnicity"])]
    title: str
    owner: Owner
    source: str
    maps_to: str | None
    note: str | None

    @classmethod
    def of(cls, found: CodeList) -> Self:
        """The summary of a list."""
        return cls(
            name=found.name,
            title=found.title,
            owner=found.owner,
            source=found.source,
            maps_to=found.maps_to,
            note=found.note,
        )


class CodeListView(CodeListSummary):
    """A list of codes."""

    codes: list[ReferenceCodeView]


class CodeLists(View):
    """Every list there is."""

    items: list[CodeListSummary]


@router.get("", responses=problem_responses())
def list_code_lists(_caller: Reader, response: Response) -> CodeLists:
    """The lists of codes that are in use here."""
    response.headers["Cache-Control"] = _KEEP_A_DAY
    return CodeLists(items=[CodeListSummary.of(each) for each in LISTS.values()])


@router.get("/{list}", responses=problem_responses(404))
def get_code_list(
    list: str,  # noqa: A002  # the name in the path
    _caller: Reader,
    response: Response,
    at: Annotated[Day | None, Query(description="Only what may have counted on this day.")] = None,
) -> CodeListView:
    """A list of codes; with `at` without those that had ended by then."""
    found = LISTS.get(list)
    if found is None:
        raise NotFoundError("There is no such list; GET /v1/reference names those there are.")
    response.headers["Cache-Control"] = _KEEP_A_DAY
    return CodeListView(
        **CodeListSummary.of(found).model_dump(),
        codes=[ReferenceCodeView.of(code, valid) for code, valid in codes_at(found, at)],
    )
