"""Forms that only this portal's own pages can send.

Every form carries a token made from a cookie of the browser (and from the session, once there is
one), signed with the portal's secret; and its ``Origin`` must be the portal's own.
"""

from __future__ import annotations

import hmac
import secrets

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from portal.settings import Settings
from portal.web import cookies
from portal.web.accounts.pages import page
from portal.web.origins import Origins

_MOST_FIELDS = 12
_SAME_SITE = ("same-origin", "none")


def form_page(
    request: Request, settings: Settings, template: str, status: int = 200, **values: object
) -> Response:
    """``template`` with ``csrf`` for its form."""
    browser = request.cookies.get(cookies.form_name(settings.tls)) or secrets.token_urlsafe(24)
    csrf = _token(settings, browser, session_token(request, settings))
    response = page(request.scope, template, status, csrf=csrf, **values)
    cookies.set_form(response, settings, browser)
    return response


async def sent(request: Request, settings: Settings) -> FormData | None:
    """The form, or None when it does not come from a page of ours that is still good."""
    form = await request.form(max_fields=_MOST_FIELDS, max_files=0)
    browser = request.cookies.get(cookies.form_name(settings.tls), "")
    expected = _token(settings, browser, session_token(request, settings))
    given = field(form, "csrf")
    genuine = bool(browser) and hmac.compare_digest(given.encode(), expected.encode())
    return form if genuine and _from_here(request, settings) else None


def field(form: FormData, name: str) -> str:
    """The text of a field; nothing when it is missing or a file."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def session_token(request: Request, settings: Settings) -> str:
    """The sign-in that the browser presents, good or not."""
    return request.cookies.get(cookies.session_name(settings.tls), "")


def _token(settings: Settings, browser: str, session: str) -> str:
    message = f"form\n{browser}\n{session}".encode()
    return hmac.new(settings.secret.encode(), message, "sha256").hexdigest()


def _from_here(request: Request, settings: Settings) -> bool:
    if "origin" in request.headers:
        return Origins.of(settings).admits(request.scope)
    return request.headers.get("sec-fetch-site", "same-origin") in _SAME_SITE
