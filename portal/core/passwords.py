"""What a password must be like, by profile.

``djbh2`` follows what assessments for 等级保护 level 2 ask for: composition, rotation, no reuse.
``asvs`` follows OWASP ASVS 5.0 section 6.2: length, and nothing easily guessed; no composition and
no rotation. Neither takes a password that holds the person's login or name, or that guessing
would soon find.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from portal.core.password_guessing import guesses


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules of one profile. 0 means that there is no such rule."""

    minimum: int  # characters
    classes: int  # of lower case, upper case, digits, other characters
    rotate_days: int  # a password older than this must be changed at the next sign-in
    remembered: int  # so many last passwords, the present one included, are not taken again
    guesses: float  # a password that fewer guesses find is refused
    maximum: int = 128  # characters


PROFILES = {
    # 1e7: seventy times what the throttle lets through in 90 days (1,440 tries a day at most)
    "djbh2": Profile(minimum=8, classes=3, rotate_days=90, remembered=5, guesses=1e7),
    # 1e10: kept for years, so it must also last when the hashes are stolen
    "asvs": Profile(minimum=12, classes=0, rotate_days=0, remembered=1, guesses=1e10),
}

INITIAL_PASSWORD_HOURS = 72  # an initial password is good for this long

# words that everybody who attacks this portal would try first
CONTEXT_WORDS = (
    *("governance", "academy", "portal", "治理学堂"),
    *("zhilixuetang", "zhili", "xuetang", "zongzhi", "wangge", "wanggeyuan", "shequ", "jiedao"),
    *("tiaojie", "xuexi", "peixun"),
)


def check_password(profile: str, password: str, *, login: str = "", name: str = "") -> list[str]:
    """Locale keys of every rule that ``password`` breaks, in the order to show them.

    Length and composition come first, then what it must not hold; "easily guessed" is said only
    where nothing else is wrong. Raises KeyError on an unknown profile.
    """
    rules = PROFILES[profile]
    text = normalise(password)
    found = []
    if len(text) < rules.minimum:
        found.append("error.password_short")
    if len(text) > rules.maximum:
        found.append("error.password_long")
    if _classes(text) < rules.classes:
        found.append("error.password_classes")
    if _holds(text, login) or _holds(text, name):
        found.append("error.password_has_login")
    # the estimate is for what no other rule has refused: it costs a millisecond
    if not found and _guesses(text, login, name) < rules.guesses:
        found.append("error.password_common")
    return found


def normalise(password: str) -> str:
    """NFKC: a full-width ``１`` from a Chinese keyboard is the ``1`` of any other."""
    return unicodedata.normalize("NFKC", password)


def is_initial(text: str) -> bool:
    """Whether every profile takes ``text`` as an initial password."""
    return not any(check_password(profile, text) for profile in PROFILES)


def initial_password(choose: Callable[[str], str]) -> str:
    """A password to be used once: four groups of four, without letters that look alike.

    ``choose`` picks one character of a text unpredictably (``secrets.choice``). About 92 bits.
    """
    while True:
        groups = ("".join(choose(_CLEAR) for _ in range(4)) for _ in range(4))
        text = "-".join(groups)
        if is_initial(text):
            return text


_CLEAR = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def _classes(text: str) -> int:
    kinds: tuple[Callable[[str], bool], ...] = (str.islower, str.isupper, str.isdigit, _is_other)
    return sum(any(kind(character) for character in text) for kind in kinds)


def _is_other(character: str) -> bool:
    return not (character.islower() or character.isupper() or character.isdigit())


def _holds(text: str, word: str) -> bool:
    """Words under three characters are found in too much to be forbidden; a Chinese name is not."""
    word = normalise(word).casefold().strip()
    return len(word) >= (3 if word.isascii() else 2) and word in text.casefold()


def _guesses(text: str, login: str, name: str) -> float:
    """The estimate for ``text``, or for what is left of it when the context words are taken out."""
    words = (*(word for word in (login.casefold(), name.casefold()) if word), *CONTEXT_WORDS)
    rest = text.casefold()
    for word in sorted(CONTEXT_WORDS, key=len, reverse=True):
        rest = rest.replace(word, "")
    found = guesses(text, words)
    return found if len(rest) == len(text) else min(found, guesses(rest, words))
