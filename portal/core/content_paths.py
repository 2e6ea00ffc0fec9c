"""Which paths below the content folder may be written from the browser, and what they belong to.

A path comes from an address or a form, so it is trusted in nothing: only three shapes exist, of
names made of letters, digits, ``-``, ``_`` and ``.``, and everything else is nobody's path.
"""

from __future__ import annotations

import unicodedata

_MAX_NAME_BYTES = 120
# names that are devices on the trainers' own machines, where the folder may be synchronised to
_DEVICES = frozenset(
    (
        "con",
        "prn",
        "aux",
        "nul",
        *(f"com{n}" for n in range(1, 10)),
        *(f"lpt{n}" for n in range(1, 10)),
    )
)


def is_name(name: str) -> bool:
    """Whether ``name`` fits a file, a folder and an address: NFC letters and digits, ``-_.``."""
    return (
        0 < len(name.encode("utf-8", "surrogatepass")) <= _MAX_NAME_BYTES
        and name[0] not in "._~-"
        and name[-1] != "."
        and ".." not in name
        and name.partition(".")[0].lower() not in _DEVICES
        and unicodedata.normalize("NFC", name) == name
        and all(char.isalnum() or char in "-_." for char in name)
    )


def is_source(path: str) -> bool:
    """``courses/<course>/<name>.md`` or ``quizzes/<course>/<name>.md``, as content is read."""
    parts = path.split("/")
    return (
        len(parts) == 3
        and parts[0] in ("courses", "quizzes")
        and all(is_name(part) for part in parts[1:])
        and "." not in parts[1]
        and parts[2].endswith(".md")
        and not parts[2].lower().startswith("readme.")
        and parts[2].removesuffix(".en.md").removesuffix(".md") != ""
    )


def is_asset(path: str) -> bool:
    """``courses/<course>/assets/<name>``."""
    parts = path.split("/")
    return (
        len(parts) == 4
        and parts[0] == "courses"
        and parts[2] == "assets"
        and is_name(parts[1])
        and "." not in parts[1]
        and is_name(parts[3])
    )


def course_of(path: str) -> str:
    """The course that a source or an asset belongs to. Raises ValueError on any other path."""
    if not (is_source(path) or is_asset(path)):
        raise ValueError(path)
    return path.split("/")[1]
