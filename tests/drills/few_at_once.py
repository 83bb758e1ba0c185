"""Scoring as it is, but that an assessment takes a few children at a time: a drill has few.

uvicorn tests.drills.few_at_once:scoring --factory
"""

from functools import partial

from fastapi import FastAPI

from services.scoring import app as scoring_app
from services.scoring.service.assessor import Assessor

PART = 6


def scoring() -> FastAPI:
    """The service, from its environment."""
    vars(scoring_app)["Assessor"] = partial(Assessor, at_once=PART)
    return scoring_app.from_environment()
