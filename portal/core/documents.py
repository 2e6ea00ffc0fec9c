"""One content file taken apart: front matter, then the page below it.

Faults that make the rest unreadable (no front matter, an unclosed fence) give one problem and no
document: everything else that could be said about such a file would only follow from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from portal.core.blocks import Page, parse_page, too_deep, unclosed_fence
from portal.core.findings import Findings
from portal.core.front_matter import Front, read_front


@dataclass(frozen=True, slots=True)
class Document:
    """``page`` covers the whole file, its front matter blanked: its lines are the file's lines."""

    path: str
    front: Front
    page: Page
    source: str

    @property
    def body(self) -> str:
        """The Markdown below the front matter."""
        return self.page.source(self.front.body_at, len(self.page.lines))


def open_document(text: str, findings: Findings) -> Document | None:
    """``text`` taken apart; None when a fault noted in ``findings`` hides the rest."""
    source = normalised(text)
    lines = source.split("\n")
    front = read_front(lines, findings)
    if front is None:
        return None
    body = "\n" * front.body_at + "\n".join(lines[front.body_at :])
    page = parse_page(body)
    deep = too_deep(page)
    if deep is not None:
        findings.add(deep, "X010")
        return None
    fence = unclosed_fence(page)
    if fence is not None:
        findings.add(fence, "X006")
        return None
    return Document(findings.path, front, page, source)


def version_of_text(source: str) -> str:
    """sha256 of a source as hex; line ends and byte order marks do not count."""
    return sha256(normalised(source).encode("utf-8", "replace")).hexdigest()


def normalised(text: str) -> str:
    """``text`` with ``\\n`` line ends, without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
