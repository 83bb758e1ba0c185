"""How long things may take here, for a route's signature."""

from typing import Annotated

from fastapi import Depends, Request

from services.referrals.domain.timings import Timings


def _timings(request: Request) -> Timings:
    timings: Timings = request.app.state.timings
    return timings


LocalTimings = Annotated[Timings, Depends(_timings)]
