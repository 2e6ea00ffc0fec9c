"""Reads GIFT, the plain text format of Moodle.

Questions are parted by blank lines; ``::title::stem{answers}``; ``\\`` escapes ``~ = # { } : \\``.
``[html]``, ``[markdown]``, ``[moodle]`` and ``[plain]`` say what a text is. Source: Moodle
documentation, "GIFT format".
"""

from __future__ import annotations

from collections.abc import Iterator

from portal.core.questions import Body, Question
from portal.exchange.questions import making, text
from portal.exchange.questions.as_markdown import checked
from portal.exchange.questions.making import Answer
from portal.exchange.questions.report import MAX_QUESTIONS, Imported, Lost, Notes, refused

_ESCAPED = ":#={}~n\\"
_FORMATS = ("html", "markdown", "moodle", "plain")
_SHIFT = 0xF700  # an escaped character stands as a private one until all marks are read


def read(source: str) -> Imported:
    """Every question of a GIFT file; never raises on what the file holds."""
    notes = Notes()
    questions: list[Question] = []
    for number, (chunk, tags) in enumerate(_chunks(source), 1):
        if number > MAX_QUESTIONS:
            return refused("many_questions", most=str(MAX_QUESTIONS))
        notes.at(number, _shown(_title(chunk)[0] or chunk))
        try:
            found = _question(chunk, tags, notes)
        except Lost as lost:
            notes.lost(lost.code, **lost.args_by_name)
            continue
        kept = checked(found, notes) if found else None
        if kept:
            questions.append(kept)
    return Imported(tuple(questions), tuple(notes.found))


# Private functions


def _chunks(source: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The questions with the tags of their comments; escapes are already taken out."""
    lines: list[str] = []
    tags: list[str] = []
    depth = 0  # opened braces: a blank line inside the answers parts nothing
    for raw in [*source.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"), ""]:
        line = raw.strip()
        if line.startswith("//"):
            tags += _tags(line)
        elif line and not line.startswith("$CATEGORY:"):
            lines.append(_hidden(line))
            depth += lines[-1].count("{") - lines[-1].count("}")
        elif not line and lines and depth <= 0:
            yield "\n".join(lines), tuple(tags)
            lines, tags, depth = [], [], 0
    if lines:
        yield "\n".join(lines), tuple(tags)


def _tags(comment: str) -> list[str]:
    """``// [tag:a] [tag:b]`` as Moodle writes it."""
    pieces = comment.replace("\\]", "］").split("[tag:")[1:]
    return [piece.partition("]")[0] for piece in pieces]


def _question(chunk: str, tags: tuple[str, ...], notes: Notes) -> Question | None:
    title, rest = _title(chunk)
    start, end = rest.find("{"), rest.find("}")
    if start < 0 and end < 0:
        raise Lost("description")
    if start < 0 or end < start:
        raise Lost("braces")
    answers = rest[start + 1 : end].strip()
    behind = rest[end + 1 :].strip()
    before = rest[:start].rstrip()
    open_end = any(char.isalnum() for char in _shown(behind))
    stem = f"{before} ＿＿＿＿ {behind}" if open_end else before
    kind, stem = _format(stem, "moodle")
    answers, general = _general(answers)
    body = _body(answers, kind, notes)
    return making.question(
        _shown(title),
        _words(stem, kind, notes),
        body,
        explanation=_said(general, kind, notes),
        tags=tags,
    )


def _title(chunk: str) -> tuple[str, str]:
    if chunk.startswith("::"):
        title, closed, rest = chunk[2:].partition("::")
        if closed:
            return title, rest.strip()
    return "", chunk


def _general(answers: str) -> tuple[str, str]:
    before, mark, general = answers.rpartition("####")
    return (before.strip(), general) if mark else (answers, "")


def _body(answers: str, kind: str, notes: Notes) -> Body:
    if not answers:
        return making.essay(1.0, (), notes)
    if answers[0] == "#":
        return _numeric(answers[1:], notes)
    if "~" in answers:
        return _choice(answers, kind, notes)
    if "=" in answers and "->" in answers:
        return _matching(answers, kind, notes)
    word, _, feedback = answers.partition("#")
    if word.strip().upper() in ("T", "TRUE", "F", "FALSE"):
        return _true_false(word.strip().upper()[0] == "T", feedback, kind, notes)
    return _short(answers, notes)


def _true_false(right: bool, feedback: str, kind: str, notes: Notes) -> Body:
    wrong, _, good = feedback.partition("#")
    on_right, on_wrong = _said(good, kind, notes), _said(wrong, kind, notes)
    return making.true_false(
        right, on_right if right else on_wrong, on_wrong if right else on_right
    )


def _choice(answers: str, kind: str, notes: Notes) -> Body:
    found = [_answer(mark, piece, kind, notes) for mark, piece in _pieces(answers)]
    return making.choice(
        found, multiple=not any(m == "=" for m, _ in _pieces(answers)), notes=notes
    )


def _pieces(answers: str) -> list[tuple[str, str]]:
    """Each answer with its mark, ``=`` or ``~``."""
    marks = [at for at, char in enumerate(answers) if char in "=~"]
    ends = [*marks[1:], len(answers)] if marks else []
    pieces: list[tuple[str, str]] = []
    for start, end in zip(marks, ends, strict=True):
        words = answers[start + 1 : end]
        if pieces and not pieces[-1][1] and answers[start - 1] == "~":
            pieces.pop()  # "~=" is one mark
        pieces.append((answers[start], words))
    return pieces


def _answer(mark: str, piece: str, kind: str, notes: Notes) -> Answer:
    fraction, rest = _weight(piece.strip(), 1.0 if mark == "=" else 0.0)
    words, _, feedback = rest.partition("#")
    return Answer(_words(words.strip(), kind, notes), fraction, _said(feedback, kind, notes))


def _weight(piece: str, default: float) -> tuple[float, str]:
    """``%50%words`` as share and words."""
    if not piece.startswith("%"):
        return default, piece
    number, closed, rest = piece[1:].partition("%")
    try:
        weight = float(number)
    except ValueError:
        return default, piece
    return (weight / 100, rest) if closed and abs(weight) <= 100 else (default, piece)


def _matching(answers: str, kind: str, notes: Notes) -> Body:
    pairs, spare = [], []
    for _, piece in _pieces(answers):
        left, arrow, right = piece.partition("->")
        if not arrow:
            raise Lost("bad_pairs")
        match = _words(right.strip(), "plain", notes)
        if left.strip():
            pairs.append((_words(left.strip(), kind, notes), match))
        else:
            spare.append(match)
    return making.matching(pairs, spare)


def _short(answers: str, notes: Notes) -> Body:
    accepted = []
    pieces = _pieces(answers) or [("=", answers)]
    for _, piece in pieces:
        fraction, rest = _weight(piece.strip(), 1.0)
        words, _, feedback = rest.partition("#")
        if feedback.strip():
            notes.add("answer_feedback")
        if fraction < 1:
            notes.add("partial_marks")
        elif "*" in words:
            notes.add("wildcard")
        else:
            accepted.append(_shown(_format(words.strip(), "")[1]))
    return making.short(accepted)


def _numeric(answers: str, notes: Notes) -> Body:
    if "=" in answers:
        pieces = [piece for piece in _pieces(answers) if piece[0] == "="]
    else:
        number, wrong, _ = answers.partition("~")  # feedback on anything else
        pieces = [("=", number)]
        if wrong:
            notes.add("answer_feedback")
    best = None
    for _, piece in pieces:
        fraction, rest = _weight(piece.strip(), 1.0)
        words, _, feedback = rest.partition("#")
        if feedback.strip():
            notes.add("answer_feedback")
        if fraction < 1 or best is not None:
            notes.add("partial_marks")
        else:
            best = _range(_shown(words.strip()))
    if best is None:
        raise Lost("no_key")
    return making.numeric(*best)


def _range(words: str) -> tuple[float, float]:
    try:
        if ".." in words:
            low, _, high = words.partition("..")
            return float(low), float(high)
        number, _, spread = words.partition(":")
        middle, off = float(number), abs(float(spread or 0))
    except ValueError:
        raise Lost("bad_number") from None
    return middle - off, middle + off


def _said(words: str, kind: str, notes: Notes) -> str:
    return _words(words.strip(), kind, notes) if words.strip() else ""


def _words(words: str, kind: str, notes: Notes) -> str:
    """A text as Markdown."""
    kind, words = _format(words, kind)
    shown = _shown(words)
    if kind == "markdown":
        return text.tidy(shown)
    if kind == "html" or (kind == "moodle" and "<" in shown and ">" in shown):
        return text.from_html(shown, notes.add)
    return text.plain(shown)


def _format(words: str, default: str) -> tuple[str, str]:
    for kind in _FORMATS:
        if words.startswith(f"[{kind}]"):
            return kind, words[len(kind) + 2 :].strip()
    return default, words


def _hidden(line: str) -> str:
    """The line with each escaped character as a private one, which no mark is read from."""
    line = "".join(char for char in line if not _SHIFT <= ord(char) < _SHIFT + 128)
    out, at = [], 0
    while at < len(line):
        if line[at] == "\\" and line[at + 1 : at + 2] and line[at + 1] in _ESCAPED:
            out.append(chr(_SHIFT + ord(line[at + 1])))
            at += 2
        else:
            out.append(line[at])
            at += 1
    return "".join(out)


def _shown(words: str) -> str:
    """Private characters as what was meant; ``\\n`` is a line break."""
    return "".join(
        ("\n" if char == chr(_SHIFT + ord("n")) else chr(ord(char) - _SHIFT))
        if _SHIFT <= ord(char) < _SHIFT + 128
        else char
        for char in words
    )
