"""Signing in through an OpenID Connect provider; it ends in the same local session.

Authorisation code with PKCE, state and nonce (Authlib). What has to be remembered between the two
requests is in a signed cookie of its own, good for ten minutes and for these two paths alone.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from anyio import to_thread
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.actions import accounts
from portal.actions.errors import Refused
from portal.settings import Settings
from portal.web import running, scopes
from portal.web.accounts import forms
from portal.web.accounts.onward import safe_next
from portal.web.accounts.pages import page
from portal.web.accounts.problems import Problem, problems_of
from portal.web.accounts.sign_in import enter

_START = "/account/oidc"
_CALLBACK = "/account/oidc/callback"
_COOKIE_S = 600
_TIMEOUT_S = 10
_log = logging.getLogger(__name__)


def routes(settings: Settings) -> list[Route]:
    """The way there and the way back."""
    provider = _provider(settings)
    session = Middleware(
        SessionMiddleware,
        secret_key=settings.secret,
        session_cookie="portal_oidc",
        max_age=_COOKIE_S,
        path=_START,
        same_site="lax",
        https_only=settings.tls,
    )

    async def start(request: Request) -> Response:
        request.session["next"] = safe_next(request.query_params.get("next", "/"))
        try:
            redirect: Response = await provider.authorize_redirect(
                request, settings.base_url + _CALLBACK
            )
        except (HTTPError, OAuthError, JoseError, KeyError, ValueError) as error:
            return _failed(request, error, 502)
        return redirect

    async def callback(request: Request) -> Response:
        try:
            token = await provider.authorize_access_token(request)
        except (HTTPError, OAuthError, JoseError, KeyError, ValueError) as error:
            return _failed(request, error, 400)
        return await _enter(request, dict(token.get("userinfo") or {}))

    return [
        Route(_START, start, methods=["GET"], middleware=[session]),
        Route(_CALLBACK, callback, methods=["GET"], middleware=[session]),
    ]


async def _enter(request: Request, claims: dict[str, Any]) -> Response:
    portal = running.portal()
    onward = safe_next(str(request.session.pop("next", "/")))
    if not claims.get("iss") or not claims.get("sub"):
        return _failed(request, ValueError("no iss or sub in the ID token"), 400)
    sign_in = partial(
        accounts.sign_in_oidc,
        portal,
        str(claims["iss"]),
        str(claims["sub"]),
        claims,
        scopes.address(request.scope),
        scopes.user_agent(request.scope),
        replaces=forms.session_token(request, portal.settings),
    )
    try:
        signed_in = await to_thread.run_sync(sign_in)
    except Refused as refused:
        return page(request.scope, "oidc_failed.html", 403, problems=problems_of(refused))
    return await enter(request, portal, signed_in.token, onward)


def _failed(request: Request, error: Exception, status: int) -> Response:
    """Why is for the log: it may hold what the provider said about the person."""
    _log.warning("sign-in by OIDC failed: %s", type(error).__name__)
    _log.debug("sign-in by OIDC failed", exc_info=error)
    problems = [Problem("entry.oidc_failed")]
    return page(request.scope, "oidc_failed.html", status, problems=problems)


def _provider(settings: Settings) -> Any:
    metadata = settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration"
    oauth = OAuth()
    return oauth.register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret or None,
        server_metadata_url=metadata,
        client_kwargs={
            "scope": "openid profile email",
            "code_challenge_method": "S256",
            "timeout": _TIMEOUT_S,
        },
    )
