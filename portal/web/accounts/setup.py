"""The first administrator, by the one-time link that the terminal shows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from portal.actions import accounts
from portal.actions.errors import Refused
from portal.web import running, scopes
from portal.web.accounts import forms, slow_work
from portal.web.accounts.password import rules
from portal.web.accounts.problems import Problem, problems_of
from portal.web.accounts.sign_in import enter

_LONGEST = 100
_LONGEST_PASSWORD = 1_024


async def show(request: Request) -> Response:
    """The form; whether the link still holds is said when it is sent."""
    return _form(request, 200, {"token": request.query_params.get("token", "")[:_LONGEST]})


async def submit(request: Request) -> Response:
    """Make the administrator and sign in."""
    portal = running.portal()
    form = await forms.sent(request, portal.settings)
    if form is None:
        token = request.query_params.get("token", "")[:_LONGEST]
        return _form(request, 403, {"token": token}, [Problem("entry.form_expired")])
    given = {
        name: forms.field(form, name).strip()[:_LONGEST] for name in ("token", "username", "name")
    }
    new, again = (forms.field(form, name)[:_LONGEST_PASSWORD] for name in ("new", "again"))
    if new != again:
        return _form(request, 422, given, [Problem("entry.passwords_differ")])
    set_up = partial(
        accounts.set_up,
        portal,
        given["token"],
        given["username"],
        given["name"],
        new,
        scopes.address(request.scope),
        scopes.user_agent(request.scope),
    )
    try:
        signed_in = await slow_work.run(set_up)
    except Refused as refused:
        return _form(request, 422, given, problems_of(refused))
    except slow_work.Busy:
        return _form(request, 503, given, [Problem("entry.busy")])
    return await enter(request, portal, signed_in.token, "/")


def _form(
    request: Request,
    status: int,
    given: dict[str, str],
    problems: Sequence[Problem] = (),
) -> Response:
    portal = running.portal()
    return forms.form_page(
        request,
        portal.settings,
        "setup.html",
        status,
        problems=problems,
        token=given["token"],
        login=given.get("username", ""),
        name=given.get("name", ""),
        **rules(portal),
    )
