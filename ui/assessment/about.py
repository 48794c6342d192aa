"""The person's banner on the pages of assessment and plan."""

from __future__ import annotations

from coordination.people.model import PersonRecord, Place
from ui import wording
from ui.shell.banner import BannerAlert, BannerFacts


def banner_facts(record: PersonRecord) -> BannerFacts:
    """What the banner says of a person."""
    person, fields = record.person, record.person.fields
    responsible = person.responsibility
    place = responsible.social_care or responsible.health
    carer = record.carer
    return BannerFacts(
        surname=fields.surname,
        given=fields.given,
        title=fields.title,
        preferred_name=fields.known_as,
        birth_date=fields.birth_date,
        deceased_on=fields.deceased_on,
        gender="" if fields.gender == "not_known" else wording.words(fields.gender),
        nhs_number=fields.nhs_number,
        alerts=tuple(BannerAlert(a.kind, a.words or wording.words(a.kind)) for a in record.alerts),
        sharing="teams" if person.sharing_level == "named_teams" else person.sharing_level,
        communication=(fields.communication,) if fields.communication else (),
        interpreter=fields.language or "Needed" if fields.interpreter else "",
        lead_worker=record.lead_worker or "",
        carer=f"{carer.name} ({carer.relation})" if carer and carer.relation else carer.name if carer else "",
        locality=wording.words(place.locality) if place else "",
        neighbourhood=place.neighbourhood if place else "",
        health=_place(responsible.health) if responsible.differ else "",
        social_care=_place(responsible.social_care) if responsible.differ else "",
        address=", ".join(filter(None, (fields.address, str(fields.postcode or "")))),
        phone=fields.phone,
    )


def _place(place: Place | None) -> str:
    return f"{place.neighbourhood}, {wording.words(place.locality)}" if place else "Outside the city"
