"""The tracker that runs in containers is reached as any running one."""

from tests.journeys.conftest import tracker

__all__ = ["tracker"]
