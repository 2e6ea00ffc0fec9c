"""Conditions and effects of drills: a small language of names, numbers and comparisons.

``evacuated and casualties == 0`` is a condition, ``elapsed+=3`` an effect. Text becomes a closed
union of values and never reaches Python's own evaluator. Length, number of words and depth are
capped, so that no text makes reading it slow.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Value = float | bool
Comparison = Literal["==", "!=", "<=", ">=", "<", ">"]
Change = Literal["=", "+=", "-="]

MAX_CHARS = 200
MAX_DEPTH = 8
_MAX_WORDS = 60
_LARGEST = 1e9  # values stay within this, so that sums never overflow
RANGES: Mapping[str, tuple[float, float]] = {"trust": (0.0, 100.0)}  # lowest, highest
_RESERVED = ("and", "or", "not", "true", "false")
_SIGNS = ("==", "!=", "<=", ">=", "+=", "-=", "<", ">", "=", "+", "-", "(", ")")
_COMPARISONS: tuple[Comparison, ...] = ("==", "!=", "<=", ">=", "<", ">")
_TWINS = {"≤": "<=", "≥": ">=", "≠": "!="}
_FOREIGN = {"&&": "and", "||": "or", "!": "not", "&": "and", "|": "or"}


@dataclass(frozen=True, slots=True)
class Number:
    value: float


@dataclass(frozen=True, slots=True)
class Truth:
    value: bool


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Compare:
    left: Atom
    sign: Comparison
    right: Atom


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Condition, ...]


Atom = Number | Truth | Name
Condition = Truth | Name | Compare | Not | And | Or


@dataclass(frozen=True, slots=True)
class Effect:
    """What an option does to the state: ``name`` is set to, raised or lowered by ``value``."""

    name: str
    sign: Change
    value: Atom


class Unreadable(Exception):
    """The text is no condition or effect. ``zh`` and ``en`` say what is wrong."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def parse_condition(text: str) -> Condition:
    """The condition that ``text`` says. Raises ``Unreadable``."""
    reader = _Reader(_words(text))
    condition = reader.either(0)
    reader.end()
    return condition


def parse_effect(text: str) -> Effect:
    """The effect that ``text`` says. Raises ``Unreadable``."""
    reader = _Reader(_words(text))
    effect = reader.effect()
    reader.end()
    return effect


def is_name(text: str) -> bool:
    """Whether a state may be called ``text``: letters of any script, digits and ``_``."""
    return text.isidentifier() and text not in _RESERVED and len(text) <= 40


def holds(condition: Condition, state: Mapping[str, Value]) -> bool:
    """Whether ``condition`` is true of ``state``, which has every name in it."""
    match condition:
        case Truth(value):
            return value
        case Name(name):
            return bool(state[name])
        case Not(part):
            return not holds(part, state)
        case And(parts):
            return all(holds(part, state) for part in parts)
        case Or(parts):
            return any(holds(part, state) for part in parts)
        case Compare(left, sign, right):
            return _compared(_value(left, state), sign, _value(right, state))


def changed(state: Mapping[str, Value], effects: tuple[Effect, ...]) -> dict[str, Value]:
    """``state`` after ``effects``, one after the other; no name leaves its range."""
    after = dict(state)
    for effect in effects:
        value = _value(effect.value, after)
        match effect.sign:
            case "=":
                after[effect.name] = _in_range(effect.name, value)
            case "+=":
                after[effect.name] = _in_range(effect.name, after[effect.name] + value)
            case "-=":
                after[effect.name] = _in_range(effect.name, after[effect.name] - value)
    return after


def names_in(condition: Condition) -> frozenset[str]:
    """Every name in ``condition``."""
    match condition:
        case Truth():
            return frozenset()
        case Name(name):
            return frozenset((name,))
        case Not(part):
            return names_in(part)
        case And(parts) | Or(parts):
            return frozenset().union(*(names_in(part) for part in parts))
        case Compare(left, _, right):
            return frozenset(atom.name for atom in (left, right) if isinstance(atom, Name))


def names_read(effect: Effect) -> frozenset[str]:
    """The names an effect reads besides the one it changes."""
    return frozenset((effect.value.name,)) if isinstance(effect.value, Name) else frozenset()


def names_of(part: Condition | Effect) -> frozenset[str]:
    """Every name in ``part``, read or changed."""
    return names_read(part) | {part.name} if isinstance(part, Effect) else names_in(part)


def misfit(part: Condition | Effect, state: Mapping[str, Value]) -> str:
    """The first name in ``part`` whose kind does not fit: a number where yes or no is asked, or
    the other way round; "" when all fit. Every name must be in ``state``."""
    match part:
        case Truth():
            return ""
        case Name(name):
            return "" if isinstance(state[name], bool) else name
        case Not(inner):
            return misfit(inner, state)
        case And(parts) | Or(parts):
            return next((found for inner in parts if (found := misfit(inner, state))), "")
        case Compare(left, sign, right):
            return _misfit_of_two(left, right, state, ordered=sign not in ("==", "!="))
        case Effect(name, sign, value):
            return _misfit_of_two(Name(name), value, state, ordered=sign != "=")


def shown(part: Condition | Effect | Atom) -> str:
    """``part`` as text that reads back as the same value."""
    match part:
        case Number(value):
            return number_text(value)
        case Truth(value):
            return "true" if value else "false"
        case Name(name):
            return name
        case Compare(left, sign, right):
            return f"{shown(left)} {sign} {shown(right)}"
        case Not(inner):
            return f"not {_within(inner, Not, And, Or)}"
        case And(parts):
            return " and ".join(_within(inner, And, Or) for inner in parts)
        case Or(parts):
            return " or ".join(_within(inner, Or) for inner in parts)
        case Effect(name, sign, value):
            return f"{name}{sign}{shown(value)}"


def number_text(value: float) -> str:
    """``3.0`` as ``3``, ``2.5`` as ``2.5``."""
    return str(int(value)) if float(value).is_integer() else f"{value:.4f}".rstrip("0")


# Private functions


def _within(part: Condition, *outer: type) -> str:
    return f"({shown(part)})" if isinstance(part, outer) else shown(part)


def _value(atom: Atom, state: Mapping[str, Value]) -> Value:
    match atom:
        case Name(name):
            return state[name]
        case Number(value) | Truth(value):
            return value


def _compared(left: Value, sign: Comparison, right: Value) -> bool:
    match sign:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right


def _in_range(name: str, value: Value) -> Value:
    if isinstance(value, bool):
        return value
    low, high = RANGES.get(name, (-_LARGEST, _LARGEST))
    return round(max(low, min(high, float(value))), 4)


def _misfit_of_two(left: Atom, right: Atom, state: Mapping[str, Value], ordered: bool) -> str:
    kinds = [isinstance(_value(atom, state), bool) for atom in (left, right)]
    if kinds[0] == kinds[1] and not (ordered and kinds[0]):
        return ""
    named = [atom.name for atom in (left, right) if isinstance(atom, Name)]
    return named[0] if named else shown(left)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).strip()
    for sign, twin in _TWINS.items():
        folded = folded.replace(sign, twin)
    if not folded:
        raise Unreadable("没有内容", "nothing is written")
    if len(folded) > MAX_CHARS:
        raise Unreadable(f"超过 {MAX_CHARS} 字", f"longer than {MAX_CHARS} characters")
    words = list(_cut(folded))
    if len(words) > _MAX_WORDS:
        raise Unreadable(f"超过 {_MAX_WORDS} 个词", f"more than {_MAX_WORDS} words")
    return words


def _cut(text: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        end = at + 1
        if text[at].isspace():
            at = end
            continue
        sign = next((one for one in _SIGNS if text.startswith(one, at)), "")
        if sign:
            end = at + len(sign)
        elif text[at] in "0123456789":
            while end < len(text) and (text[end] in "0123456789" or text[end] == "."):
                end += 1
        elif text[at].isidentifier():
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
        else:
            foreign = next((one for one in _FOREIGN if text.startswith(one, at)), "")
            if foreign:
                meant = _FOREIGN[foreign]
                raise Unreadable(f"“{foreign}”要写成 {meant}", f"write {meant} for “{foreign}”")
            raise Unreadable(f"不认识“{text[at]}”", f"“{text[at]}” has no meaning here")
        yield text[at:end]
        at = end


class _Reader:
    """Reads words from left to right: or < and < not < comparison < atom."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    def either(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise Unreadable(f"括号超过 {MAX_DEPTH} 层", f"nested more than {MAX_DEPTH} deep")
        parts = [self._both(depth)]
        while self._take("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def effect(self) -> Effect:
        name = self._next()
        if not is_name(name):
            raise Unreadable(f"“{name}”不是状态名", f"“{name}” is no name of a state")
        sign = self._next()
        if sign not in ("=", "+=", "-="):
            raise Unreadable(
                f"“{name}”后面要写 =、+= 或 -=", f"=, += or -= is expected after “{name}”"
            )
        value = self._atom()
        change: Change = "=" if sign == "=" else "+=" if sign == "+=" else "-="
        return Effect(name, change, value)

    def end(self) -> None:
        """Raises ``Unreadable`` when words are left."""
        rest = self._peek()
        if rest == "=":
            raise Unreadable("比较要写成 ==", "a comparison is written ==")
        if rest in _COMPARISONS:
            raise Unreadable(
                "一次只能比较两项，几项之间用 and", "compare two things at a time; join with and"
            )
        if rest:
            raise Unreadable(f"多出了“{rest}”", f"“{rest}” is too much")

    # Private methods

    def _both(self, depth: int) -> Condition:
        parts = [self._not(depth)]
        while self._take("and"):
            parts.append(self._not(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _not(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise Unreadable(f"not 超过 {MAX_DEPTH} 层", f"nested more than {MAX_DEPTH} deep")
        if self._take("not"):
            return Not(self._not(depth + 1))
        if self._take("("):
            inner = self.either(depth + 1)
            if not self._take(")"):
                raise Unreadable("缺少右括号", "a closing bracket is missing")
            return inner
        return self._comparison()

    def _comparison(self) -> Condition:
        left = self._atom()
        sign = next((one for one in _COMPARISONS if one == self._peek()), None)
        if sign is not None:
            self._at += 1
            return Compare(left, sign, self._atom())
        if isinstance(left, Number):
            if self._peek() == "=":
                raise Unreadable("比较要写成 ==", "a comparison is written ==")
            raise Unreadable(
                f"“{shown(left)}”没有和别的比较", f"“{shown(left)}” is compared with nothing"
            )
        return left

    def _atom(self) -> Atom:
        word = self._next()
        if word in ("+", "-"):
            number = self._number(self._next())
            return Number(-number.value if word == "-" else number.value)
        if word[0] in "0123456789":
            return self._number(word)
        if word.lower() in ("true", "false"):
            return Truth(word.lower() == "true")
        if not is_name(word):
            raise Unreadable(f"“{word}”的位置不对", f"“{word}” stands in the wrong place")
        return Name(word)

    def _number(self, word: str) -> Number:
        if word.count(".") > 1 or not word.replace(".", "").isdecimal() or len(word) > 10:
            raise Unreadable(f"“{word}”不是数", f"“{word}” is no number")
        return Number(float(word))

    def _peek(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _take(self, word: str) -> bool:
        if self._peek().lower() != word:
            return False
        self._at += 1
        return True

    def _next(self) -> str:
        word = self._peek()
        if not word:
            raise Unreadable("没有写完", "it breaks off")
        self._at += 1
        return word
