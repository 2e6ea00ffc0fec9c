"""Changing the password: of one's own accord, or because it was given by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from portal.actions import accounts
from portal.actions.errors import Refused
from portal.actions.password_rules import profile_of
from portal.actions.portal import Portal
from portal.core.passwords import INITIAL_PASSWORD_HOURS
from portal.core.people import Person
from portal.web import running
from portal.web.accounts import forms, slow_work
from portal.web.accounts.onward import safe_next
from portal.web.accounts.problems import Problem, problems_of

_LONGEST_PASSWORD = 1_024


async def show(request: Request) -> Response:
    """The form with the rules."""
    return _form(request, running.portal(), 200)


async def submit(request: Request) -> Response:
    """Change the password and go on; every other session of the person ends with it."""
    portal = running.portal()
    form = await forms.sent(request, portal.settings)
    if form is None:
        return _form(request, portal, 403, [Problem("entry.form_expired")])
    old, new, again = (
        forms.field(form, name)[:_LONGEST_PASSWORD] for name in ("current", "new", "again")
    )
    if new != again:
        return _form(request, portal, 422, [Problem("entry.passwords_differ")])
    token = forms.session_token(request, portal.settings)
    change = partial(accounts.change_password, portal, _person(request), token, old, new)
    try:
        await slow_work.run(change)
    except Refused as refused:
        return _form(request, portal, 422, problems_of(refused))
    except slow_work.Busy:
        return _form(request, portal, 503, [Problem("entry.busy")])
    return RedirectResponse(safe_next(forms.field(form, "next") or "/"), 303)


def rules(portal: Portal) -> dict[str, object]:
    """What the templates show as the rules of this portal's profile."""
    return {"rules": profile_of(portal), "initial_hours": INITIAL_PASSWORD_HOURS}


def _form(
    request: Request,
    portal: Portal,
    status: int,
    problems: Sequence[Problem] = (),
) -> Response:
    person = _person(request)
    return forms.form_page(
        request,
        portal.settings,
        "password.html",
        status,
        next=safe_next(request.query_params.get("next", "/")),
        problems=problems,
        forced=person.must_change,
        login=person.login,
        **rules(portal),
    )


def _person(request: Request) -> Person:
    """Who is signed in: the gate has seen to it that somebody is."""
    person = request.scope["portal.person"]
    assert isinstance(person, Person)
    return person
