"""The cookies the portal sets: their names, what they are for, how they are guarded."""

from __future__ import annotations

from starlette.responses import Response

from portal.settings import Settings
from portal.web import language

_DAY_S = 86_400
_YEAR_S = 365 * _DAY_S
_FORM_S = 3_600


def session_name(secure: bool) -> str:
    """The sign-in's cookie; with TLS no subdomain and no plain-text page can set it."""
    return "__Host-portal_session" if secure else "portal_session"


def form_name(secure: bool) -> str:
    """The cookie that a form's hidden token belongs to."""
    return "__Host-portal_form" if secure else "portal_form"


def set_session(response: Response, settings: Settings, token: str) -> None:
    """Carry the sign-in. The cookie outlives the session by a day, so that an open page which
    reconnects late is recognised and sent to the sign-in page; the server decides on validity."""
    _set(
        response,
        settings,
        session_name(settings.tls),
        token,
        settings.absolute_hours * 3_600 + _DAY_S,
    )


def drop_session(response: Response, settings: Settings) -> None:
    """Forget the sign-in in this browser."""
    _set(response, settings, session_name(settings.tls), "", 0)


def set_form(response: Response, settings: Settings, value: str) -> None:
    """Remember the browser that was given a form."""
    _set(response, settings, form_name(settings.tls), value, _FORM_S)


def set_language(response: Response, settings: Settings, locale: str) -> None:
    """Remember the visitor's language."""
    _set(response, settings, language.COOKIE, locale, _YEAR_S)


def _set(response: Response, settings: Settings, name: str, value: str, max_age_s: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.tls,
    )
