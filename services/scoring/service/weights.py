"""The weights as this process holds them: loaded once for each content, kept by its hash."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection

from services.scoring.domain.codes import Code, dictionary
from services.scoring.domain.lifecycle import Command, State
from services.scoring.domain.loading import LoadedModel, load, load_again
from services.scoring.domain.model import Model
from services.scoring.domain.problems import ModelRefused, Problem
from services.scoring.domain.versions import Version, as_known, in_force
from services.scoring.service.steps import UnknownVersionError, tell
from services.scoring.store.versions import Step, add_version, all_versions, text_of
from shared.domain.errors import StateError
from shared.storage.writing import Writing

SHIPPED = Path(__file__).parents[1] / "models"
VALIDATED = "model.validated"
FORMER = {
    ("child-exploitation", "0.1"): (
        "db0449496423e69ffaaba5a5fb8e3abb9a75ea39c4cf2a8ebb2dfe04cd71aa6c"
    ),
    ("seraf", "1.0"): "f79a5d6026e4640f117ed00da207f3160147a6611b0d780460f383dbc669b865",
}
"""What shipped under a name until the titles of indicators were reworded, before the first
release. It counts the same, and where it was stored and approved it stays."""


class NoVersionInForceError(StateError):
    """No approved version of the model is in force on the date asked for."""

    code = "no_version_in_force"


class ContentChangedError(Exception):
    """Content differs from what its name or its hash stands for: versions never change."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a text comes to: a model, or every problem it has."""

    loaded: LoadedModel | None
    problems: tuple[Problem, ...] = ()


@lru_cache(maxsize=64)  # a pure function of the text; SERAF takes a quarter second
def checked(text: str, file: str) -> Checked:
    """Read a text as a model; `file` is what its problems call it."""
    try:
        return Checked(load(text, file))
    except ModelRefused as refusal:
        return Checked(None, refusal.problems)


@lru_cache(maxsize=64)
def read_stored(text: str) -> LoadedModel:
    """Read a text from the database again. Raises `ModelRefused` where somebody has broken it."""
    return load_again(text, "stored.yaml")


def _load(text: str, file: str) -> LoadedModel:
    found = checked(text, file)
    if found.loaded is None:
        raise ModelRefused(found.problems)
    return found.loaded


class Weights:
    """Compiled models by document hash. Content is immutable, so nothing here goes stale."""

    def __init__(self) -> None:
        self._loaded: dict[str, LoadedModel] = {}
        self._codes: tuple[frozenset[str], Mapping[str, Code]] | None = None

    def of(self, connection: Connection, document_hash: str) -> LoadedModel:
        """The compiled model of a content, which was validated when it was stored.

        Raises:
            ContentChangedError: the stored text is not what two people approved. Nothing is
                scored under it.
        """
        if document_hash not in self._loaded:
            loaded = read_stored(text_of(connection, document_hash))
            if loaded.document_hash != document_hash:
                raise ContentChangedError("stored weights are not what their hash stands for")
            self._loaded[document_hash] = loaded
        return self._loaded[document_hash]

    def codes(self, connection: Connection) -> Mapping[str, Code]:
        """The dictionary of observation codes: what all validated versions read."""
        versions = all_versions(connection)
        hashes = frozenset(version.document_hash for version in versions)
        if self._codes is None or self._codes[0] != hashes:
            self._codes = hashes, dictionary(self.named(connection, versions))
        return self._codes[1]

    def named(self, connection: Connection, versions: Iterable[Version]) -> list[tuple[str, Model]]:
        """Versions by a label for people, with their models."""
        return [
            (
                f"{version.model} {version.version}",
                self.of(connection, version.document_hash).model,
            )
            for version in versions
        ]


def choose_version(
    connection: Connection,
    model: str,
    on: date,
    name: str | None = None,
    known_at: datetime | None = None,
) -> Version:
    """The version asked for by name, else the one in force on a day, as known at an instant.

    Raises:
        UnknownVersionError: no model, or no version, of that name.
        NoVersionInForceError: none approved that is in force on that day.
    """
    versions = all_versions(connection, model)
    if not versions:
        raise UnknownVersionError("There is no model of that name.")
    if known_at is not None:
        versions = [as_known(version, known_at) for version in versions]
    if name is not None:
        for version in versions:
            if version.version == name:
                return version
        raise UnknownVersionError("The model has no version of that name.")
    found = in_force(versions, on)
    if found is None:
        raise NoVersionInForceError(
            "No approved version of the weights is in force on this date;"
            " name one with `version=` to see what it would say."
        )
    return found


def import_shipped(transaction: Writing) -> None:
    """Store the model files that ship with Amber, as validated: they count only once approved.

    Raises:
        ContentChangedError: a file differs from what was stored under its name before.
    """
    stored = {
        (version.model, version.version): version
        for version in all_versions(transaction.connection)
    }
    for path in sorted(SHIPPED.glob("*/*.yaml")):
        model, name, text = path.parent.name, path.stem, path.read_text(encoding="utf-8")
        known = stored.get((model, name))
        if known and text_of(transaction.connection, known.document_hash) == text:
            continue
        loaded = _load(text, f"{model}/{path.name}")
        if known is None:
            store_version(transaction, name, loaded, text)
        elif known.document_hash not in {loaded.document_hash, FORMER.get((model, name))}:
            raise ContentChangedError(
                f"{model}/{path.name} differs from the version {name} that was stored before;"
                " put back the file and ship the change as a new version"
            )


def store_version(transaction: Writing, name: str, loaded: LoadedModel, text: str) -> None:
    """Store a version that ships with Amber as validated, and say so in the journal."""
    version = Version(
        model=loaded.model.name,
        version=name,
        document_hash=loaded.document_hash,
        rules_hash=loaded.rules_hash,
        effective_from=loaded.model.effective_from,
        state=State.VALIDATED,
    )
    add_version(transaction.connection, version, text)
    step = Step(
        model=version.model,
        version=version.version,
        at=transaction.now,
        command=Command.SUBMIT,
        from_state=None,
        to_state=State.VALIDATED,
        person_id=None,
        reason=None,
        document_hash=version.document_hash,
    )
    tell(transaction, VALIDATED, step, rules_hash=version.rules_hash, origin="shipped with Amber")
