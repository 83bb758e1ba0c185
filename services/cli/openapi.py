"""`amber openapi`: the one document, generated from the embedded tracker."""

import json
import tempfile
from pathlib import Path

from services.embedded import assemble, openapi

COMMITTED = Path(__file__).parents[1] / "gateway" / "openapi.json"


def generate() -> str:
    """The document as it is committed and served."""
    with tempfile.TemporaryDirectory() as folder:
        tracker = assemble(Path(folder))
        document = openapi(tracker)
        for app in tracker.apps.values():
            app.state.service.database.engine.dispose()
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def write(path: Path) -> None:
    """Write the document."""
    path.write_text(generate(), encoding="utf-8")
