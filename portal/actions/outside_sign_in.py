"""Signing in through another system (OIDC), which yields the same session as a password.

Accounts are made here, never by the other system. The first time, the claim that the settings name
says whose account it is; from then on the issuer's subject does, whatever the claims say. The
operator's guide warns that the issuer must not let people choose that claim themselves.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.actions.browser_sessions import SignedIn, begin_session
from portal.actions.errors import Refused
from portal.actions.portal import Portal
from portal.core.logins import normalise_login
from portal.store import audit, credentials, people
from portal.store.database import Connection


def sign_in_oidc(
    portal: Portal,
    issuer: str,
    subject: str,
    claims: Mapping[str, object],
    address: str,
    user_agent: str,
    *,
    replaces: str = "",
) -> SignedIn:
    """Sign in somebody whom ``issuer`` vouches for.

    ``claims`` are those of a verified ID token. An e-mail address counts as a login only when
    ``email_verified`` is true. Raises Refused("error.no_account") when no account fits, when it is
    disabled, or when it belongs to another subject of the issuer.
    """
    try:
        with portal.db.write(bump=False) as c:
            person_id = credentials.find_by_identity(c, issuer, subject) or _link(
                portal, c, issuer, subject, claims, address
            )
            return begin_session(
                portal, c, person_id, "oidc", address, user_agent, replaces=replaces
            )
    except Refused:
        with portal.db.write(bump=False) as c:
            audit.record(
                c,
                at=portal.now(),
                actor_id=None,
                action="sign_in_refused",
                address=address,
                method="oidc",
                issuer=issuer,
            )
        raise Refused("error.no_account") from None


def _link(
    portal: Portal,
    c: Connection,
    issuer: str,
    subject: str,
    claims: Mapping[str, object],
    address: str,
) -> int:
    account = people.find_account(c, _login(portal, claims))
    if account is None or credentials.has_identity(c, account["id"], issuer):
        raise Refused("error.no_account")
    person_id = int(account["id"])
    credentials.add_identity(c, issuer, subject, person_id, portal.now())
    audit.record(
        c,
        at=portal.now(),
        actor_id=person_id,
        action="link_identity",
        target=f"person:{person_id}",
        address=address,
        issuer=issuer,
    )
    return person_id


def _login(portal: Portal, claims: Mapping[str, object]) -> str:
    claim = portal.settings.oidc_login_claim
    value = claims.get(claim)
    if not isinstance(value, str) or (
        claim == "email" and claims.get("email_verified") is not True
    ):
        return ""
    return normalise_login(value)
