"""Which language a visitor reads, before or after signing in."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import Scope

from portal.web.scopes import cookies, header
from portal.web.text import LOCALES

COOKIE = "portal_lang"
DEFAULT = "zh"
HTML_LANG = {"zh": "zh-CN", "en": "en"}


def of(scope: Scope) -> str:
    """``zh`` or ``en``: as the person has chosen, else the visitor's cookie, else the browser."""
    person = scope.get("portal.person")
    if person is not None:
        return str(person.locale)
    return choose(cookies(scope), header(scope, b"accept-language"))


def choose(cookies: Mapping[str, str], accept_language: str) -> str:
    """The cookie's language, else the first known one of ``Accept-Language``, else Chinese."""
    chosen = cookies.get(COOKIE, "")
    if chosen in LOCALES:
        return chosen
    ranked = sorted(_ranked(accept_language), key=lambda pair: -pair[1])
    return next((language for language, weight in ranked if weight > 0), DEFAULT)


def _ranked(accept_language: str) -> list[tuple[str, float]]:
    """Known languages with their weights, in the header's order."""
    found = []
    for part in accept_language[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        language = tag.strip().lower().partition("-")[0]
        if language in LOCALES:
            try:
                found.append((language, float(weight or 1)))
            except ValueError:
                continue
    return found
