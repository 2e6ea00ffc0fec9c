"""Tokens back to Markdown, for the blocks that another renderer must show.

``st.html`` shows no math, so a block with inline math is handed to Streamlit's own Markdown. That
renderer is plain CommonMark with directives of its own; what is written here therefore escapes
every mark in the text, and puts a zero-width space, as an entity, at the outside of emphasis: its
``&`` and ``;`` count as punctuation, which lets the asterisks work beside Chinese characters.
"""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token

from portal.core.markdown_html import word

_ESCAPED = frozenset("\\`*_{}[]()<>#+-.!|~$:&^=@")
_EDGE = "&#8203;"
_MARKS = {"strong": "**", "em": "*", "s": "~~"}
_ALIGNED = {"align-left": ":---", "align-right": "---:", "align-center": ":---:"}


def to_markdown(tokens: Sequence[Token], locale: str) -> str:
    """Markdown of decorated block ``tokens``; callouts become quotes under a bold title."""
    return "\n".join(_blocks(tokens, locale)).strip("\n")


# Private functions


def _blocks(tokens: Sequence[Token], locale: str) -> list[str]:
    """Lines of a run of sibling blocks, an empty line between two that are not in a tight list."""
    lines: list[str] = []
    position = 0
    while position < len(tokens):
        end = _end_of(tokens, position)
        if lines and not tokens[position].hidden and not tokens[position - 1].hidden:
            lines.append("")
        lines += _block(tokens[position], tokens[position + 1 : end], locale)
        position = end + 1
    return lines


def _end_of(tokens: Sequence[Token], position: int) -> int:
    """Where the block that starts at ``position`` ends (itself, when it holds nothing)."""
    depth: int = tokens[position].nesting
    while depth > 0:
        position += 1
        depth += tokens[position].nesting
    return position


def _block(token: Token, inside: Sequence[Token], locale: str) -> list[str]:
    """Lines of one block; ``inside`` are the tokens between its opening and its closing."""
    kind = token.type.removesuffix("_open")
    match kind:
        case "heading":
            text = " ".join(_lines_of(inside))
            return [f"{'#' * int(token.tag[1])} {text}"]
        case "blockquote":
            return _prefixed(_blocks(inside, locale), "> ", "> ")
        case "callout":
            title = [f"**{word(token.info, locale)}**", ""]
            return _prefixed([*title, *_blocks(inside, locale)], "> ", "> ")
        case "bullet_list" | "ordered_list":
            return _list(token, inside, locale)
        case "dl":
            return _definitions(inside, locale)
        case "table":
            return _table(inside)
        case "fence" | "code_block":
            fence = _fence("`", token.content, 3)
            return [fence, *token.content.splitlines(), fence]
        case "math_block":
            return ["$$", *token.content.strip().splitlines(), "$$"]
        case "hr":
            return ["---"]
        case "inline":
            return _inline(token.children or ()).split("\n")
        case _:  # a paragraph
            return _lines_of(inside)


def _list(token: Token, inside: Sequence[Token], locale: str) -> list[str]:
    lines: list[str] = []
    number = int(token.attrs.get("start", 1))
    position = 0
    while position < len(inside):
        end = _end_of(inside, position)
        item = inside[position]
        marker = f"{number}. " if token.type == "ordered_list_open" else "- "
        content = _blocks(inside[position + 1 : end], locale) or [""]
        box = {"done": "☑ ", "open": "☐ "}.get(item.info, "")
        content[0] = box + content[0]
        lines += _prefixed(content, marker, " " * len(marker))
        number += 1
        position = end + 1
    return lines


def _definitions(inside: Sequence[Token], locale: str) -> list[str]:
    """A definition list as bold terms with quotes under them: CommonMark has no such list."""
    lines: list[str] = []
    position = 0
    while position < len(inside):
        end = _end_of(inside, position)
        within = inside[position + 1 : end]
        if inside[position].type == "dt_open":
            lines += [f"**{' '.join(_lines_of(within))}**", ""]
        else:
            lines += [*_prefixed(_blocks(within, locale), "> ", "> "), ""]
        position = end + 1
    return lines[:-1]


def _table(inside: Sequence[Token]) -> list[str]:
    rows: list[list[str]] = []
    rules: list[str] = []
    for position, token in enumerate(inside):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append(_inline(inside[position + 1].children or ()).replace("\n", " "))
            if token.type == "th_open":
                rules.append(_ALIGNED.get(str(token.attrs.get("class", "")), "---"))
    rows.insert(1, rules)
    return [f"| {' | '.join(cells)} |" for cells in rows]


def _lines_of(tokens: Sequence[Token]) -> list[str]:
    """Lines of the inline tokens among ``tokens``."""
    return [
        line
        for token in tokens
        if token.type == "inline"
        for line in _inline(token.children or ()).split("\n")
    ]


def _prefixed(lines: Sequence[str], first: str, others: str) -> list[str]:
    return [((others if at else first) + line).rstrip() for at, line in enumerate(lines)]


def _inline(children: Sequence[Token]) -> str:
    return "".join(map(_inline_token, children, _link_ends(children)))


def _link_ends(children: Sequence[Token]) -> list[str]:
    """For each closing link the address that it closes; "" for all other tokens."""
    ends: list[str] = []
    open_addresses: list[str] = []
    for token in children:
        if token.type == "link_open":
            open_addresses.append(str(token.attrs.get("href", "")))
        ends.append(open_addresses.pop() if token.type == "link_close" and open_addresses else "")
    return ends


def _inline_token(token: Token, address: str) -> str:
    match token.type:
        case "text":
            return escape(token.content)
        case "code_inline":
            fence = _fence("`", token.content, 1)
            return f"{fence} {token.content} {fence}"
        case "math_inline":
            return f"${token.content}$"
        case "softbreak":
            return "" if token.hidden else "\n"
        case "hardbreak":
            return "\\\n"
        case "link_open":
            return "["
        case "link_close":
            return f"](<{_address(address)}>)"
        case "image":
            words = escape("".join(child.content for child in token.children or ()))
            source = str(token.attrs.get("src", ""))
            return f"![{words}](<{_address(source)}>)" if source else words
        case "footnote_ref":
            return f"\\[{token.meta['id'] + 1}\\]"
    mark = _MARKS.get(token.tag)
    if mark is None:
        return ""
    return _EDGE + mark if token.nesting == 1 else mark + _EDGE


def escape(text: str) -> str:
    """``text`` with a backslash before every character that Markdown may give a meaning to."""
    return "".join("\\" + each if each in _ESCAPED else each for each in text)


def _address(url: str) -> str:
    return url.replace("<", "%3C").replace(">", "%3E").replace("\n", "").replace("\\", "%5C")


def _fence(mark: str, content: str, least: int) -> str:
    """A run of ``mark`` longer than any in ``content``."""
    longest = run = 0
    for each in content:
        run = run + 1 if each == mark else 0
        longest = max(longest, run)
    return mark * max(least, longest + 1)
