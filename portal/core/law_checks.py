"""Citations of a whole page checked, and the chips of its questions."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from portal.core.blocks import Page, inline_tokens
from portal.core.citation_tokens import check_tokens
from portal.core.citations import check_citation
from portal.core.findings import Findings
from portal.core.questions import Question
from portal.core.statutes import StatuteRegistry

_SIGNS = "第《§"


def check_page(page: Page, registry: StatuteRegistry, findings: Findings) -> None:
    """Note every citation in the text of ``page`` that cannot stand.

    Only runs of text with a citation's sign are parsed into words: most have none.
    """
    tokens: list[Token] = []
    for block in page.blocks:
        for token in block.tokens:
            if token.type == "inline":
                if not any(sign in token.content for sign in _SIGNS):
                    continue
                token.children = inline_tokens(token.content)
            tokens.append(token)
    findings.problems += check_tokens(tokens, registry, findings.path)


def check_chips(
    questions: Sequence[Question], registry: StatuteRegistry, findings: Findings
) -> None:
    """Note every article that a question's chip names and that is not there."""
    for question in questions:
        for law in question.laws:
            findings.problems += check_citation(law, registry, findings.path, question.line)
