"""What is looked at in the words of a whole page: citations, marks that show nothing, links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from markdown_it.token import Token

from portal.core.blocks import Page, inline_tokens
from portal.core.citation_tokens import check_tokens
from portal.core.citations import check_citation
from portal.core.findings import Findings, Notes
from portal.core.markdown_addresses import leads_out
from portal.core.markdown_checks import check_marks
from portal.core.markdown_marks import CALLOUTS
from portal.core.markdown_parser import scheme_of
from portal.core.questions import Question
from portal.core.statutes import StatuteRegistry

# Only text with one of these is worth parsing into words here; most text has none.
_SIGNS = ("第", "《", "§", "<", "](", "[!", "[^")
# Text without these is plain but for emphasis, which no check here asks about.
_MARKS = ("`", "[", "<", "\\", "&", "!", "~", "$", "_", "://")


def check_page(
    page: Page, statutes: StatuteRegistry | None, findings: Findings, notes: Notes
) -> None:
    """Note citations that cannot stand and marks that show nothing; gather relative links."""
    tokens: list[Token] = []
    for block in page.blocks:
        for token in block.tokens:
            if token.type == "inline" and _is_worth_parsing(token.content):
                token.children = _children(token.content, page)
            tokens.append(token)
    if statutes is not None:
        findings.problems += check_tokens(tokens, statutes, findings.path)
    findings.problems += check_marks(tokens, findings.path)
    for line, child in _links(tokens):
        if child.type == "image" and not child.content.strip():
            findings.add(line, "Q210")
        target = _relative_target(child)
        if target:
            notes.links.append((findings.path, line, target))


def check_chips(
    questions: Sequence[Question], statutes: StatuteRegistry, findings: Findings
) -> None:
    """Note every article that a question's chip names and that is not there."""
    for question in questions:
        for law in question.laws:
            findings.problems += check_citation(law, statutes, findings.path, question.line)


# Private functions


def _is_worth_parsing(content: str) -> bool:
    if content.startswith("[!"):  # a callout's name alone, if it is known, needs no look
        name, _, content = content[2:].partition("]")
        if name not in CALLOUTS:
            return True
    return any(sign in content for sign in _SIGNS)


def _children(content: str, page: Page) -> list[Token]:
    """The words of ``content``; text without marks is taken as it is, which is much quicker."""
    if any(mark in content for mark in _MARKS):
        return inline_tokens(content, page.footnotes)
    children: list[Token] = []
    for line in content.replace("*", "").split("\n"):
        if children:
            children.append(Token("softbreak", "br", 0))
        children.append(Token("text", "", 0, content=line))
    return children


def _links(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Every link and picture with its 1-based line."""
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        breaks = 0
        for child in token.children or ():
            breaks += child.type in ("softbreak", "hardbreak")
            if child.type in ("image", "link_open"):
                yield line + breaks, child


def _relative_target(child: Token) -> str:
    """The file of the content that a link or picture names; "" when it leads elsewhere."""
    name = "src" if child.type == "image" else "href"
    target = unquote(str(child.attrs.get(name, "")).partition("#")[0])
    elsewhere = target.startswith("/") or leads_out(target) or scheme_of(target)
    return "" if elsewhere else target
