"""Names as they are spelled, and as they sound: how a search finds a name that was heard."""

import unicodedata
from collections.abc import Iterable

_SOUNDS = {
    letter: sound
    for sound, letters in {
        "1": "bp",
        "2": "cgjkqsxz",
        "3": "dt",
        "4": "l",
        "5": "mn",
        "6": "r",
        "7": "fvw",
    }.items()
    for letter in letters
}
_AS_SPOKEN = (("ph", "f"), ("gh", "g"), ("ck", "k"), ("wr", "r"), ("kn", "n"))
_OPEN = "0"
"""A name that begins with a vowel, an h or a y."""
LONGEST_KEY = 8


def plain(name: str) -> str:
    """A name without accents, capitals and marks; its words stay apart."""
    letters = unicodedata.normalize("NFKD", name).casefold().replace("'", "").replace("\u2019", "")
    return " ".join(
        "".join(each if each.isalpha() else " " for each in letters if not _is_mark(each)).split()
    )


def words(name: str | None) -> list[str]:
    """The words of a name, plain."""
    return plain(name or "").split()


def sound(word: str) -> str:
    """How a plain word sounds: consonants of one kind are one, vowels count only at the start.
    Katherine and Catherine, Mohammed and Muhamad sound alike. Of another alphabet: as it is."""
    if not word.isascii():
        return word[:LONGEST_KEY]
    spoken = word
    for written, heard in _AS_SPOKEN:
        spoken = spoken.replace(written, heard)
    found = [_SOUNDS.get(letter, "") for letter in spoken]
    kept = [
        each for before, each in zip(["", *found], found, strict=False) if each and each != before
    ]
    return ("".join(kept) if found[0] else _OPEN + "".join(kept))[:LONGEST_KEY]


def keys_of(names: Iterable[str | None]) -> frozenset[str]:
    """The keys under which a child with these names is found."""
    return frozenset(sound(word) for name in names for word in words(name))


def _is_mark(letter: str) -> bool:
    return unicodedata.combining(letter) != 0
