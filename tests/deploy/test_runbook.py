"""The runbook says what every alarm means."""

import re

import pytest

from tests.support.databases import ROOT

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text()
MESSAGE = re.compile(r'\blog\.(?:warning|error|critical)\(\s*"([^"]+)"')
SOURCES = [*(ROOT / "services").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]
ALARMS = sorted({text for path in SOURCES for text in MESSAGE.findall(path.read_text())})


def test_there_are_alarms() -> None:
    assert "database unavailable: %s" in ALARMS


@pytest.mark.parametrize("alarm", ALARMS)
def test_whoever_looks_after_it_finds_what_an_alarm_means(alarm: str) -> None:
    line = alarm.replace("%s", "…").replace("%d", "…")
    assert f"| `{line}` |" in RUNBOOK, "say in docs/runbook.md what it means and what to do"


def test_every_check_of_readiness_is_explained() -> None:
    said = {"no answer", "the gateway's keys are not known yet"}
    said |= {"stopped at an event that can't be taken"}
    assert [text for text in said if f"`{text}`" not in RUNBOOK] == []
