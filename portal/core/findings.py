"""Collects the problems of one file while it is being parsed."""

from __future__ import annotations

from portal.core.problems import Problem


class Findings:
    """A growing list of problems of the file ``path``; lines are given 1-based."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def add(self, line: int, code: str, **args: object) -> None:
        """Note ``code`` at ``line``; ``args`` fill the placeholders of its words."""
        words = {name: _short(str(value)) for name, value in args.items()}
        self.problems.append(Problem(self.path, max(line, 1), code, words))


class Notes:
    """What a parser saw besides the content itself, for checks between files.

    ``links``: file, line and target of every relative link; ``key_lines``: the line of each
    front-matter key of the Chinese file.
    """

    def __init__(self) -> None:
        self.links: list[tuple[str, int, str]] = []
        self.key_lines: dict[str, int] = {}


# Private functions


def _short(value: str) -> str:
    """One line of at most 80 characters: a message quotes the author, it does not repeat a page."""
    flat = " ".join(value.split())
    return flat if len(flat) <= 80 else flat[:79] + "…"
