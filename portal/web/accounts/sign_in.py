"""Signing in with login and password, and signing out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.actions import accounts
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.web import cookies, running, scopes
from portal.web.accounts import forms, slow_work
from portal.web.accounts.onward import safe_next
from portal.web.accounts.problems import Problem, problems_of
from portal.web.open_pages import OpenPages
from portal.web.zones import SIGN_IN

_LONGEST_LOGIN = 100
_LONGEST_PASSWORD = 1_024  # of any length people use; not a megabyte to hash


async def show(request: Request) -> Response:
    """The form; somebody who is signed in goes on at once."""
    portal = running.portal()
    onward = safe_next(request.query_params.get("next", "/"))
    token = forms.session_token(request, portal.settings)
    if token and accounts.person_of(portal, token) is not None:
        return RedirectResponse(onward, 303)
    return _form(request, portal, 200, onward)


async def submit(request: Request) -> Response:
    """Sign in, in place of the browser's present session, and go on to ``next``.

    What fails shows the form again: 401, 403, 429 or 503.
    """
    portal = running.portal()
    form = await forms.sent(request, portal.settings)
    if form is None:
        onward = safe_next(request.query_params.get("next", "/"))
        return _form(request, portal, 403, onward, [Problem("entry.form_expired")])
    onward = safe_next(forms.field(form, "next") or "/")
    login = forms.field(form, "username").strip()[:_LONGEST_LOGIN]
    sign_in = partial(
        accounts.sign_in,
        portal,
        login,
        forms.field(form, "password")[:_LONGEST_PASSWORD],
        scopes.address(request.scope),
        scopes.user_agent(request.scope),
        replaces=forms.session_token(request, portal.settings),
    )
    try:
        signed_in = await slow_work.run(sign_in)
    except Refused as refused:
        status = 429 if refused.key == "error.too_many_attempts" else 401
        return _form(request, portal, status, onward, problems_of(refused), login)
    except slow_work.Busy:
        return _form(request, portal, 503, onward, [Problem("entry.busy")], login)
    return await enter(request, portal, signed_in.token, onward)


async def enter(request: Request, portal: Portal, token: str, onward: str) -> Response:
    """Hand out the new session; pages open in the one it replaces have to leave."""
    await _open_pages(request).close(forms.session_token(request, portal.settings))
    response = RedirectResponse(onward, 303)
    cookies.set_session(response, portal.settings, token)
    return response


async def ask_sign_out(request: Request) -> Response:
    """A page that asks: a link or an image on another site must not sign anybody out."""
    portal = running.portal()
    token = forms.session_token(request, portal.settings)
    person = accounts.person_of(portal, token) if token else None
    if person is None:
        return RedirectResponse(SIGN_IN, 303)
    return forms.form_page(request, portal.settings, "sign_out.html", name=person.name)


async def sign_out(request: Request) -> Response:
    """End the session here, in the database, and on every page that is open in it."""
    portal = running.portal()
    if await forms.sent(request, portal.settings) is None:
        return RedirectResponse(request.url.path, 303)
    token = forms.session_token(request, portal.settings)
    if token:
        await to_thread.run_sync(accounts.sign_out, portal, token)
        await _open_pages(request).close(token)
    response = RedirectResponse(SIGN_IN, 303)
    cookies.drop_session(response, portal.settings)
    return response


def _form(
    request: Request,
    portal: Portal,
    status: int,
    onward: str,
    problems: Sequence[Problem] = (),
    login: str = "",
) -> Response:
    return forms.form_page(
        request,
        portal.settings,
        "sign_in.html",
        status,
        next=onward,
        problems=problems,
        login=login,
        oidc=bool(portal.settings.oidc_issuer),
    )


def _open_pages(request: Request) -> OpenPages:
    pages = request.scope["portal.open_pages"]
    assert isinstance(pages, OpenPages)
    return pages
