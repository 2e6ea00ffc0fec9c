"""What a trainer should do about a question or a test: few flags, each with a sentence.

Moodle's own marks cry wolf: 85 of 100 sound items of a ten-question quiz have a discrimination
index under 30. Flags stand on a correlation with its 80 % interval instead, and on nothing at all
while fewer than ``ENOUGH`` persons have answered.

The correlation is that of the mark with the ability before the answer where abilities are known,
else with the rest score; who asks says which, since a rest score holds the same day's luck.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import floor

from portal.core.items import ItemStatistics, TestStatistics, interval

ENOUGH = 30  # persons, below which everything is provisional
ENOUGH_FOR_OPTIONS = 50  # persons, before an option that nobody takes says anything
ENOUGH_CHOOSERS = 10  # of an option, before their mean ability is compared
NEVER_CHOSEN = 0.05  # share of persons
FLAT = 0.10  # correlation; an interval wholly below does not tell persons apart
NEAR_GUESS = 0.05  # share of the maximum above blind guessing
TOO_EASY = 0.95  # facility
DOMINATES = 1.5  # effective over intended weight
RANKABLE = 64.0  # percent of internal consistency
_DIGITS = 1e-9  # 38 of 40 is 95 %, whatever floats make of it


@dataclass(frozen=True, slots=True)
class OptionUse:
    """How an option was used: ``name`` as shown, how many chose it, their mean ability (None when
    abilities are not known)."""

    name: str
    correct: bool
    n: int
    mean_ability: float | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """``code`` is the end of the locale key ``items.flag.<code>``; ``args`` fill its words."""

    code: str
    args: Mapping[str, str] = field(default_factory=dict)


def item_flags(
    item: ItemStatistics,
    options: Sequence[OptionUse] = (),
    *,
    correlation: float | None = None,
    persons: int | None = None,
) -> tuple[Flag, ...]:
    """The flags of one item, the most urgent first.

    ``correlation`` is that with ability; without it the rest score's counts. ``persons`` is how
    many it and the ``options`` were counted over, where that is not everybody who met the item
    (whose ability is not known, who left it blank; who met it in another quiz, too).
    """
    if item.n < ENOUGH:
        return (Flag("provisional", {"n": str(item.n)}),)
    used = item.rest_correlation if correlation is None else correlation
    over = item.n if persons is None else persons
    return (
        *(_about_key(used, over, options) if over >= ENOUGH else ()),
        *_about_facility(item),
        *_about_options(over, options),
        *_about_weight(item),
    )


def test_flags(test: TestStatistics) -> tuple[Flag, ...]:
    """The flags of a whole test."""
    if test.n < ENOUGH:
        return (Flag("provisional", {"n": str(test.n)}),)
    if test.cic is not None and test.cic < RANKABLE:
        return (Flag("do_not_rank", {"cic": str(floor(test.cic))}),)  # 63.7 % is not "64 %"
    return ()


test_flags.__test__ = False  # type: ignore[attr-defined]


# Private functions


def _about_key(correlation: float | None, n: int, options: Sequence[OptionUse]) -> tuple[Flag, ...]:
    bounds = interval(correlation, n)
    abler = _abler_than_key(options)
    if abler is not None:
        return (Flag("key_option", {"option": abler.name}),)
    if bounds is not None and bounds[1] < 0:
        return (Flag("key"),)
    if bounds is not None and bounds[1] < FLAT:
        return (Flag("flat"),)
    return ()


def _abler_than_key(options: Sequence[OptionUse]) -> OptionUse | None:
    """The distractor whose choosers are the ablest, if abler than those of every right option."""
    known = [use for use in options if use.mean_ability is not None and use.n >= ENOUGH_CHOOSERS]
    keys = [use.mean_ability or 0.0 for use in known if use.correct]
    wrong = [use for use in known if not use.correct]
    if not keys or not wrong:
        return None
    ablest = max(wrong, key=lambda use: use.mean_ability or 0.0)
    return ablest if (ablest.mean_ability or 0.0) > max(keys) else None


def _about_facility(item: ItemStatistics) -> tuple[Flag, ...]:
    if item.facility is None:
        return ()
    guess = item.random_guess_score
    if guess is not None and item.facility <= guess + NEAR_GUESS + _DIGITS:
        return (Flag("guessing", {"facility": f"{item.facility:.0%}", "guess": f"{guess:.0%}"}),)
    if item.facility > TOO_EASY + _DIGITS:
        return (Flag("too_easy", {"facility": f"{item.facility:.0%}"}),)
    return ()


def _about_options(persons: int, options: Sequence[OptionUse]) -> tuple[Flag, ...]:
    if persons < ENOUGH_FOR_OPTIONS:
        return ()
    least = NEVER_CHOSEN * persons - _DIGITS
    unused = [use.name for use in options if not use.correct and use.n < least]
    return (Flag("unused_option", {"option": ", ".join(unused)}),) if unused else ()


def _about_weight(item: ItemStatistics) -> tuple[Flag, ...]:
    effective, intended = item.effective_weight, item.intended_weight
    if effective is None or not intended or effective <= DOMINATES * intended + _DIGITS:
        return ()
    return (Flag("dominates", {"effective": f"{effective:.0f}", "intended": f"{intended:.0f}"}),)
