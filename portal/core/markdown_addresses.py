"""Where links and pictures in course Markdown lead: out, to a file of the course, to a page.

Authors link as any Markdown viewer expects it, from file to file; the portal shows modules and
quizzes as pages, so that a link to ``02-report.md#先看`` opens that section in the reader.
"""

from __future__ import annotations

from urllib.parse import unquote

from portal.core.links import to_course, to_module, to_quiz
from portal.core.markdown_parser import scheme_of


def leads_out(url: str) -> bool:
    """Whether ``url`` names another host (``//host`` does)."""
    return scheme_of(url) in ("http", "https") or url.startswith(("//", "/\\", "\\"))


def resolve(url: str, base: str) -> str:
    """``url`` against ``base`` (``/content/<course>``); "" when it would climb out of the content.

    A quiz stands in ``quizzes/<course>/`` and reaches the course's pictures, in any viewer, by
    ``../../courses/<course>/assets/…``: steps up lead to the folder of courses.
    """
    if url.startswith(("/", "#")) or not base:
        return url
    steps, climbed = _steps(url)
    if ".." in steps:
        return ""
    if not climbed:
        return f"{base}/{'/'.join(steps)}"
    if steps and steps[0] in ("courses", "quizzes"):
        steps = steps[1:]
    return f"{base.rpartition('/')[0]}/{'/'.join(steps)}"


def page_of(url: str, base: str) -> str | None:
    """The page that shows the Markdown file ``url`` links to; None when it is no such file."""
    path, _, anchor = unquote(url).partition("#")
    if not base or not path.endswith(".md") or path.startswith("/"):
        return None
    steps, climbed = _steps(path)
    if ".." in steps:
        return None
    name = steps[-1].removesuffix(".md").removesuffix(".en")
    course = steps[-2] if climbed and len(steps) > 1 else base.rpartition("/")[2]
    if name == "course":
        return to_course(course).url
    if climbed and steps[0] == "quizzes":
        return to_quiz(f"{course}/{name}").url
    slug = name.lstrip("0123456789").lstrip("-_. ") or name  # a module's id leaves its number out
    return to_module(f"{course}/{slug}", anchor).url


# Private functions


def _steps(url: str) -> tuple[list[str], int]:
    """The steps of a relative path after those that climb, and how many climb."""
    steps = url.split("/")
    climbed = 0
    while len(steps) > 1 and steps[0] in (".", ".."):
        climbed += steps.pop(0) == ".."
    return steps, climbed
