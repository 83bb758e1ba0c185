"""Pieces to a model."""

from datetime import date

from services.scoring.domain.language import build, derived
from services.scoring.domain.language.draft import Draft, sound
from services.scoring.domain.language.findings import Json
from services.scoring.domain.model import AgeLimits, Completeness, Model


def model_of(document: Json, pieces: Draft) -> Model:
    """The model of sound rules; what is about it may still be faulty, and then stands blank."""
    about = {key: document[key] if sound(document[key]) else blank for key, blank in BLANKS.items()}
    return Model(
        name=about["model"],
        title=about["title"],
        purpose=about["purpose"],
        change=build.change(about["change"]),
        effective_from=date.fromisoformat(about["effective_from"]),
        decimals=pieces.decimals,
        applies=pieces.applies or ANY_AGE,
        indicators=pieces.lines,
        groups={name: group for name, group in sorted(pieces.groups.items()) if group},
        bands=tuple(band for band in pieces.bands if band),
        band_map=dict(sorted(pieces.band_map.items())),
        floors=tuple(floor for floor in pieces.floors if floor),
        completeness=pieces.completeness or ALL_KNOWN,
        golden=tuple(case for case in pieces.golden if case),
        codes=derived.codes(pieces.lines),
        readers=derived.readers(pieces.lines),
        age_readers=derived.age_readers(pieces.lines),
        members=derived.members(pieces.lines),
        ages=derived.ages(pieces.lines, pieces.floors),
        watched=derived.watched(pieces.lines, pieces.floors),
        absences=derived.absences(pieces.lines),
        ids=tuple(line.id for line in pieces.lines),
        places={band.id: place for place, band in enumerate(pieces.bands) if band},
        band_starts=derived.band_starts(pieces.bands),
    )


BLANKS: dict[str, Json] = {
    "model": "",
    "title": "",
    "purpose": "",
    "change": {"kind": "new", "reason": ""},
    "effective_from": "2000-01-01",
}
ANY_AGE = AgeLimits(None, None)
ALL_KNOWN = Completeness((), None, "provisional")
