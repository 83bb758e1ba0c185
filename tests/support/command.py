"""The `amber` command as a person types it, in this process: its exit code and what it says."""

from collections.abc import Sequence
from pathlib import Path

from typer.testing import CliRunner, Result

from services.cli.main import app


def amber(arguments: Sequence[str | Path], environment: dict[str, str] | None = None) -> Result:
    """Run a command. A traceback is a fault of ours, whatever was typed."""
    result = CliRunner().invoke(app, [str(each) for each in arguments], env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result
