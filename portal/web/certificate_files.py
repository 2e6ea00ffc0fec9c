"""Certificates as files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from portal.actions import certificates
from portal.actions.certificates import Held
from portal.actions.files import File
from portal.actions.portal import Portal
from portal.core.certificates import shown
from portal.core.people import Person
from portal.exchange import certificate_pdf, pdf
from portal.web import dates, language
from portal.web.text import translate

_STAMPED = ("expired", "revoked")


def certificate(portal: Portal, person: Person, query: Mapping[str, str]) -> File:
    """``?n=<number>``: one's own certificate, or that of a person one manages."""
    held = certificates.take(portal, person, query.get("n", ""))
    page = page_of(portal, held, person.locale)
    name = f"{page.title} {page.heading} {held.certificate.name}.pdf"
    return File(name, pdf.PDF, certificate_pdf.certificate(page))


def page_of(portal: Portal, held: Held, locale: str) -> certificate_pdf.Page:
    """What the certificate says, in the reader's language."""
    t, tz, one = partial(translate, locale), portal.settings.tz, held.certificate
    english = locale == "en"
    issuer = (one.issuer_en or one.issuer) if english else one.issuer
    unit = (one.unit_en or one.unit) if english else one.unit
    address = certificates.address_of(portal, one.number)
    until = dates.day(one.valid_until, locale, tz) if one.valid_until else t("verify.for_ever")
    facts = [
        (t("certificate.number"), shown(one.number)),
        (t("certificate.day"), dates.day(one.earned_at, locale, tz)),
        (t("certificate.until"), until),
    ]
    if unit:
        facts.append((t("certificate.unit"), unit))
    if one.assignment:
        facts.append((t("certificate.assignment"), one.assignment))
    kind = "renewed" if one.kind == "renewal" else "completed"
    how = ["certificate.scan", "certificate.or_type"] if address else ["certificate.type"]
    site = (portal.settings.base_url or "").split("://")[-1]
    return certificate_pdf.Page(
        heading=t("certificate.heading"),
        subheading=translate("zh" if english else "en", "certificate.heading"),
        awarded_to=t("certificate.awarded_to"),
        name=one.name,
        sentence=t(f"certificate.{kind}"),
        title=(one.title_en or one.title) if english else f"《{one.title}》",
        credit=t("certificate.hours", n=f"{one.hours:g}") if one.hours else "",
        facts=facts,
        issuer="\u3000".join(word for word in (issuer, t("app.name")) if word),
        verify=[t(key, site=f"{site}{certificates.PUBLIC_PATH}") for key in how],
        address=address,
        stamp=t(f"verify.state.{held.state}") if held.state in _STAMPED else "",
        lang=language.HTML_LANG[locale],
    )
