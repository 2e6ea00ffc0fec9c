"""Every route that is the portal's own and not Streamlit's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from portal.settings import Settings
from portal.web import badge_routes, cookies, downloads, static_files, verify
from portal.web.accounts import files, password, setup, sign_in
from portal.web.refusal import refuse
from portal.web.text import LOCALES
from portal.web.workspace.files import draft_file
from portal.web.zones import PASSWORD, SIGN_IN, SIGN_OUT

_View = Callable[[Request], Awaitable[Response]]


def routes(settings: Settings) -> list[BaseRoute]:
    """In the order in which they are tried."""
    return [
        *_form(SIGN_IN, sign_in.show, sign_in.submit, settings),
        *_form(SIGN_OUT, sign_in.ask_sign_out, sign_in.sign_out, settings),
        *_form(PASSWORD, password.show, password.submit, settings),
        *_form("/account/setup", setup.show, setup.submit, settings),
        *_oidc(settings),
        *badge_routes.routes(),
        *verify.routes(),
        Mount("/account/static", static_files.StaticFolder()),
        Route("/content/{course}/{path:path}", files.content_file, methods=["GET"]),
        Route("/download/{name}", downloads.download, methods=["GET"]),
        Route("/draft-files/{course}/{path:path}", draft_file, methods=["GET"]),
        Route("/favicon.ico", _icon, methods=["GET"]),
        # Streamlit answers whatever is left with its own index.html
        Mount("/account", _nothing),
        Mount("/content", _nothing),
        Mount("/draft-files", _nothing),
        Mount("/download", _nothing),
    ]


def _oidc(settings: Settings) -> list[Route]:
    """Loaded only where it is used: Authlib takes a while to import."""
    if not settings.oidc_issuer:
        return []
    from portal.web.accounts import oidc

    return oidc.routes(settings)


def _form(path: str, show: _View, submit: _View, settings: Settings) -> list[BaseRoute]:
    async def show_in_language(request: Request) -> Response:
        chosen = request.query_params.get("lang", "")
        if chosen not in LOCALES:
            return await show(request)
        rest = request.url.remove_query_params("lang").query
        response = RedirectResponse(f"{path}?{rest}" if rest else path, 303)
        cookies.set_language(response, settings, chosen)
        return response

    return [
        Route(path, show_in_language, methods=["GET"]),
        Route(path, submit, methods=["POST"]),
    ]


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await refuse(scope, receive, send, 404, "no_page")


async def _icon(request: Request) -> Response:
    """What browsers ask for by themselves."""
    return FileResponse(
        static_files.FOLDER / "icon-64.png", headers={"Cache-Control": "public, max-age=86400"}
    )
