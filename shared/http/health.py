"""`/livez` (the process answers), `/readyz` (it can do its work), `/version` (which it is)."""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.exc import SQLAlchemyError

from shared.http.callers import TrustedKeys
from shared.storage.migrations import newest_revision, present_revision
from shared.storage.writing import Database

AMBER_VERSION = version("amber")


class Remark(str):
    """Something worth saying that is no reason to send callers elsewhere."""

    __slots__ = ()


Check = Callable[[], str | None]
"""Answers None when all is well, else what is wrong, in a few words."""


def health_router(name: str, checks: Mapping[str, Check]) -> APIRouter:
    """The three routes. `checks` say what this service needs to be ready."""
    router = APIRouter(include_in_schema=False)

    # Not in a thread: all of them may be waiting for a database that is gone.
    @router.get("/livez")
    async def livez() -> dict[str, str]:
        """The process answers; nothing else is said."""
        return {"status": "live"}

    @router.get("/readyz")
    def readyz() -> JSONResponse:
        """Each check by name: `ok`, or what is wrong."""
        found = {check: ask() or "ok" for check, ask in checks.items()}
        ready = all(said == "ok" or isinstance(said, Remark) for said in found.values())
        return JSONResponse(
            {"status": "ready" if ready else "not ready", "checks": found}, 200 if ready else 503
        )

    @router.get("/version")
    async def which() -> dict[str, str]:
        """The service and its version."""
        return {"service": name, "version": AMBER_VERSION}

    return router


def database_check(database: Database, migrations: Path) -> Check:
    """Whether the database answers and has the schema that this code expects."""
    expected = newest_revision(migrations)

    def check() -> str | None:
        try:
            with database.reading() as connection:
                present = present_revision(connection)
        except SQLAlchemyError:
            return "no answer"
        return None if present == expected else f"schema {present}, expected {expected}"

    return check


def keys_check(trusted: TrustedKeys) -> Check:
    """Whether the gateway's keys are known: without them no caller can be."""
    return lambda: None if trusted.keys else "the gateway's keys are not known yet"
