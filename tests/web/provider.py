"""A small OpenID Connect provider that the tests start, with every way to be wrong."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.web.site import free_port

CLIENT = "portal"
CLIENT_SECRET = "known to the two"


@dataclass
class Provider:
    """Signs in ``claims`` without asking; ``changed`` overrides what goes into the ID token."""

    issuer: str
    claims: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: _new_key())
    signs_with: RSAKey | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self.configuration),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
            Route("/jwks", self.jwks),
        ]

    async def configuration(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(asked)
        code = secrets.token_urlsafe(8)
        self._codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}")

    async def token(self, request: Request) -> Response:
        form = await request.form()
        asked = self._codes.pop(str(form["code"]), None)
        if asked is None or not self._proven(asked, str(form.get("code_verifier", ""))):
            return JSONResponse({"error": "invalid_grant"}, 400)
        credentials = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET.replace(' ', '+')}".encode())
        plain = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode())
        given = request.headers.get("authorization", "").removeprefix("Basic ").encode()
        if given not in (credentials, plain):
            return JSONResponse({"error": "invalid_client"}, 401)
        now = int(time.time())
        token = {
            "iss": self.issuer,
            "aud": asked["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": asked.get("nonce"),
            **self.claims,
            **self.changed,
        }
        header = {"alg": "RS256", "kid": "k1"}
        signed = jwt.encode(header, token, self.signs_with or self.key)
        answer = {"access_token": "a", "token_type": "Bearer", "expires_in": 300}
        return JSONResponse({**answer, "id_token": signed})

    async def jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    @staticmethod
    def _proven(asked: dict[str, str], verifier: str) -> bool:
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return asked.get("code_challenge_method") == "S256" and (
            asked.get("code_challenge") == challenge
        )


def other_key() -> RSAKey:
    """A key that the provider does not publish."""
    return _new_key()


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": "k1", "use": "sig", "alg": "RS256"})


@contextmanager
def provider() -> Iterator[Provider]:
    """Running in a thread of this process."""
    port = free_port()
    made = Provider(f"http://127.0.0.1:{port}")
    config = uvicorn.Config(
        Starlette(routes=made.routes()), host="127.0.0.1", port=port, log_level="error"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield made
    finally:
        server.should_exit = True
        thread.join()
