"""Assembling a service's FastAPI app, the same for every service."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

import anyio
from fastapi import APIRouter, FastAPI

from shared.background import Background
from shared.http.body_limit import BodyLimit
from shared.http.faults import Faults
from shared.http.health import AMBER_VERSION, Check, health_router
from shared.http.problems import install_problem_handlers
from shared.http.request_id import RequestId
from shared.http.service import Service
from shared.http.strict_json import MAX_BODY_BYTES


def service_app(
    service: Service,
    title: str,
    routers: Sequence[APIRouter],
    background: Background,
    checks: Mapping[str, Check],
) -> FastAPI:
    """An app with its routes, problems, request ids, health, and loops in its lifespan."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with anyio.create_task_group() as group:
            group.start_soon(background.run)
            yield
            group.cancel_scope.cancel()

    app = FastAPI(
        title=title,
        version=AMBER_VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        separate_input_output_schemas=False,
    )
    app.state.service = service
    app.state.background = background
    install_problem_handlers(app)
    app.add_middleware(BodyLimit, limit=MAX_BODY_BYTES)
    app.add_middleware(Faults)
    app.add_middleware(RequestId)
    # Routes as they are: `include_router` would build each anew for each app, at its first request.
    for router in (
        health_router(service.name, {**checks, "loops": background.check}),
        *routers,
    ):
        app.router.routes.extend(router.routes)
    return app
