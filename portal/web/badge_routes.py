"""What everybody may fetch to verify a badge: the issuer's profile and public keys."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from portal.actions import badges
from portal.web import running
from portal.web.refusal import answer

_A_WHILE = {"Cache-Control": "public, max-age=3600"}


def routes() -> list[BaseRoute]:
    """Open to all: no personal data is in them."""
    return [
        Route(badges.ISSUER_PATH, _issuer, methods=["GET"]),
        Route(badges.KEYS_PATH, _keys, methods=["GET"]),
        Route(badges.KEY_PATH + "{kid}", _key, methods=["GET"]),
    ]


def _issuer(_: Request) -> Response:
    return JSONResponse(badges.issuer_document(running.portal()), headers=_A_WHILE)


def _keys(_: Request) -> Response:
    return JSONResponse(badges.public_keys(running.portal()), headers=_A_WHILE)


def _key(request: Request) -> Response:
    wanted = request.path_params["kid"]
    for key in badges.public_keys(running.portal())["keys"]:
        if key["kid"] == wanted:
            return JSONResponse(key, headers=_A_WHILE)
    return answer(request.scope, 404, "no_page")
