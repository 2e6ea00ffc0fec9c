"""Tokens to HTML: one renderer, and the allow-list that its output passes through.

The renderer escapes everything that authors wrote; ``sanitise`` is the second wall, so that a slip
in a rule here can not become script in somebody's browser.
"""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any

import nh3
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

Env = MutableMapping[str, Any]

# Each word in Chinese and in English.
WORDS: dict[str, tuple[str, str]] = {
    "note": ("说明", "Note"),
    "tip": ("提示", "Tip"),
    "warning": ("注意", "Warning"),
    "law": ("依据", "Law"),
    "case": ("案例", "Case"),
    "inject": ("情况", "Inject"),
    "footnotes": ("注释", "Notes"),
    "footnote": ("注释 {number}", "Note {number}"),
    "back": ("回到正文", "Back to the text"),
    "table": ("表格：{header}", "Table: {header}"),
    "done": ("已完成", "Done"),
    "open": ("未完成", "To do"),
}

_INLINE_TAGS = {"a", "br", "code", "em", "img", "s", "span", "strong", "sup"}
_BLOCK_TAGS = {
    *("aside", "blockquote", "div", "dd", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr"),
    *("li", "ol", "p", "pre", "section", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ALIGNED = {"align-left", "align-center", "align-right"}
_CLEANER = nh3.Cleaner(
    tags=_INLINE_TAGS | _BLOCK_TAGS,
    attributes={
        "a": {"href", "title", "rel", "id", "aria-label"},
        "aside": {"role"},
        "div": {"tabindex", "role", "aria-label"},
        "img": {"src", "alt", "title", "loading"},
        "li": {"id"},
        "ol": {"start"},
        "pre": {"tabindex"},
        "section": {"role", "aria-label"},
        "span": {"role", "aria-label"},
        "td": {"data-label"},
        "th": {"scope"},
        **{f"h{level}": {"id"} for level in range(1, 7)},
    },
    allowed_classes={
        "a": {"law", "footnote-back"},
        "aside": {"callout", "note", "tip", "warning", "law", "case", "inject"},
        "code": {"math"},
        "div": {"table-wrap"},
        "h2": {"footnotes-title"},
        "li": {"task", "done"},
        "p": {"callout-title"},
        "section": {"footnotes"},
        "span": {"task-box"},
        "sup": {"footnote-ref"},
        "td": _ALIGNED,
        "th": _ALIGNED,
    },
    url_schemes={"http", "https", "mailto"},
    link_rel=None,  # the renderer writes rel on links that lead out, and on no others
)


def sanitise(html: str) -> str:
    """``html`` reduced to the tags, attributes, classes and schemes that this module writes."""
    return _CLEANER.clean(html)


def word(key: str, locale: str, **values: object) -> str:
    """One of ``WORDS`` in ``locale``."""
    chinese, english = WORDS[key]
    return (english if locale == "en" else chinese).format(**values)


class CourseRenderer(RendererHTML):
    """HTML for decorated tokens. ``env`` holds ``locale`` and ``document`` (a prefix for ids)."""

    def softbreak(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env) -> str:
        return "" if tokens[at].hidden else "\n"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return f'<pre tabindex="0"><code>{escapeHtml(tokens[idx].content)}</code></pre>\n'

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        return self.fence(tokens, idx, options, env)

    def math_inline(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env) -> str:
        """Only reached where a formula can not be set (in a footnote): the source, readable."""
        return f'<code class="math">{escapeHtml(tokens[at].content)}</code>'

    def math_block(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env) -> str:
        latex = escapeHtml(tokens[at].content)
        return f'<pre tabindex="0"><code class="math">{latex}</code></pre>\n'

    def image(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env) -> str:
        token = tokens[at]
        words = self.renderInlineAsText(token.children, options, env)
        if not token.attrs.get("src"):
            return escapeHtml(words)
        token.attrs = {**token.attrs, "alt": words, "loading": "lazy"}
        return self.renderToken(tokens, at, options, env)

    # Callouts

    def callout_open(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env) -> str:
        kind = tokens[at].info
        title = word(kind, env["locale"])
        return f'<aside class="callout {kind}" role="note">\n<p class="callout-title">{title}</p>\n'

    def callout_close(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env
    ) -> str:
        return "</aside>\n"

    # Tables

    def table_open(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env) -> str:
        comma = ", " if env["locale"] == "en" else "、"
        headers = comma.join(tokens[at].meta.get("headers", ()))
        label = word("table", env["locale"], header=headers)
        return (
            f'<div class="table-wrap" tabindex="0" role="region" aria-label="{escapeHtml(label)}">'
            "\n<table>\n"
        )

    def table_close(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env) -> str:
        return "</table>\n</div>\n"

    # Task lists

    def list_item_open(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env
    ) -> str:
        token = tokens[at]
        opening = self.renderToken(tokens, at, options, env)
        if token.info not in ("done", "open"):
            return opening
        label = word(token.info, env["locale"])
        mark = "☑" if token.info == "done" else "☐"
        return f'{opening}<span class="task-box" role="img" aria-label="{label}">{mark}</span> '

    # Footnotes

    def footnote_ref(self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env) -> str:
        name, reference = _footnote_names(tokens[at], env)
        number = tokens[at].meta["id"] + 1
        label = word("footnote", env["locale"], number=number)
        return (
            f'<sup class="footnote-ref"><a href="#{name}" id="{reference}" aria-label="{label}">'
            f"[{number}]</a></sup>"
        )

    def footnote_block_open(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env
    ) -> str:
        title = word("footnotes", env["locale"])
        return (
            f'<section class="footnotes" role="doc-endnotes" aria-label="{title}">\n'
            f'<h2 class="footnotes-title">{title}</h2>\n<ol>\n'
        )

    def footnote_block_close(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env
    ) -> str:
        return "</ol>\n</section>\n"

    def footnote_open(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env
    ) -> str:
        return f'<li id="{_footnote_names(tokens[at], env)[0]}">'

    def footnote_close(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env
    ) -> str:
        return "</li>\n"

    def footnote_anchor(
        self, tokens: Sequence[Token], at: int, options: OptionsDict, env: Env
    ) -> str:
        _, reference = _footnote_names(tokens[at], env)
        label = word("back", env["locale"])
        return f' <a href="#{reference}" class="footnote-back" aria-label="{label}">↩\ufe0e</a>'


RENDERER: Any = CourseRenderer()


# Private functions


def _footnote_names(token: Token, env: Env) -> tuple[str, str]:
    """Ids of a footnote and of the reference to it, unique on a page of several documents."""
    number = f"{env['document']}-{token.meta['id'] + 1}"
    again = token.meta.get("subId", 0)
    return f"fn-{number}", f"fnref-{number}" + (f"-{again}" if again else "")
