"""A drill as a mermaid flow chart for its author: scenes, decisions, options, shares of runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from portal.core.drill_grammar import shown
from portal.core.drills import Drill, Option

_SHORT = {"zh": 18, "en": 36}  # characters of an option's words on an arrow
_LONG = 40


def drill_map(drill: Drill, locale: str, shares: Mapping[tuple[str, int], float]) -> str:
    """The source of the chart. ``shares``: 0..1 by decision id and option; left out where none.

    Names of steps are numbered, so that no word of an author becomes syntax.
    """
    return "\n".join(["flowchart TD", *_lines(drill, locale, shares)])


# Private functions


def _lines(drill: Drill, locale: str, shares: Mapping[tuple[str, int], float]) -> Iterator[str]:
    names: dict[str, str] = {}
    for n, scene in enumerate(drill.scenes):
        title = _quoted(scene.title.in_(locale), _LONG)
        if scene.is_ending:
            names[scene.id] = f"e{n}"
            yield f"  e{n}([{title}])"
            continue
        yield f"  subgraph s{n} [{title}]"
        for k, decision in enumerate(scene.decisions):
            names[decision.id] = f"d{n}x{k}"
            yield f"    d{n}x{k}{{{{{_quoted(decision.title.in_(locale), _LONG)}}}}}"
        yield "  end"
        names[scene.id] = names[scene.decisions[0].id]
    for _, decision in drill.decisions():
        for at, option in enumerate(decision.options):
            label = _label(option, locale, shares.get((decision.id, at)))
            yield f"  {names[decision.id]} -->|{label}| {names[option.target]}"


def _label(option: Option, locale: str, share: float | None) -> str:
    words = f"{option.rating} {option.text.in_(locale)}"
    tail = "" if share is None else f" · {share:.0%}"
    if option.condition is not None:
        tail += f" [{shown(option.condition)}]"
    return _quoted(words, _SHORT[locale], tail)


def _quoted(text: str, length: int, tail: str = "") -> str:
    """``text`` cut to ``length`` and quoted; signs that mermaid or Markdown read are replaced."""
    short = text if len(text) <= length else text[: length - 1] + "…"
    plain = "".join(_SIGNS.get(char, char) for char in short + tail)
    return f'"{plain}"'


_SIGNS = {
    '"': "”",
    "<": "‹",
    ">": "›",
    "`": "’",
    "#": "＃",
    "&": "＆",
    "\n": " ",
    "*": "＊",
    "_": "＿",
    "[": "［",
    "]": "］",
    "|": "｜",
    "\\": "＼",
    ";": "；",
    "%": "％",
}
