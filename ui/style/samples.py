"""Invented people and referrals for the gallery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from coordination.values import NhsNumber
from ui import wording
from ui.shell.banner import BannerAlert, BannerFacts
from ui.shell.signin import Trainee
from ui.style import tokens
from ui.widgets import Column

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
PLACES = [
    ("contact", "New contact", "phone", ""),
    ("queue", "Queue", "tray", ""),
    ("people", "People", "users", ""),
    ("transfer", "Transfer", "swap", ""),
    ("reablement", "Reablement", "person-simple-walk", ""),
    ("nursing", "District nursing", "first-aid-kit", ""),
    ("equipment", "Equipment", "wheelchair", ""),
    ("apartments", "Apartments", "buildings", ""),
    ("links", "Links", "handshake", ""),
    ("carers", "Carers", "heart", ""),
    ("outcomes", "Outcomes", "chart-bar", ""),
    ("governance", "Governance", "scales", ""),
]
TRAINEES = [
    Trainee("nadia.coordinator", "Nadia Hussain", "care_coordinator", "North", "x"),
    Trainee("owen.assessor", "Owen Clarke", "trusted_assessor", "North", "x"),
    Trainee("grace.lead", "Grace Okafor", "team_lead", "Central", "x"),
    Trainee("piotr.placement", "Piotr Wiśniewski", "placement_coordinator", "Central", "x"),
    Trainee("helen.manager", "Helen Brooks", "manager", "South", "x"),
    Trainee("samir.governance", "Samir Patel", "ig_lead", "South", "x"),
]
FACTS = BannerFacts(
    surname="Pankhurst", given="Emmeline", title="Mrs", birth_date=date(1945, 7, 14), gender="Female",
    nhs_number=NhsNumber("9434765919"), sharing="everything", communication=("Large print", "hearing aid, left"),
    alerts=(BannerAlert("safeguarding", "Safeguarding"), BannerAlert("key_safe", "Key safe present")),
    lead_worker="Owen Clarke, North INT", carer="Sylvia Pankhurst, daughter", health="Ancoats and Clayton, North",
    social_care="Moston, North", phone="0161 496 0123", address="62 Nelson Street, M13 9WP", interpreter="",
)  # fmt: skip


@dataclass(frozen=True)
class QueueRow:
    id: int
    due: datetime
    urgency: str
    name: str
    age: int
    need: str
    source: str
    place: str
    state: str
    holder: str


def sample_rows() -> list[QueueRow]:
    people = [
        "PANKHURST, Emmeline (Mrs)", "O’CONNOR, Séamus (Mr)", "HUSSAIN, Amina (Ms)", "WIŚNIEWSKA, Łucja (Mrs)",
        "ADEYEMI, Olúwatóbi (Mr)", "SMITH, Dorothy (Mrs)", "NGUYỄN, Thị Hoa (Mrs)", "KHAN, Mohammed (Mr)",
        "BROWN, Winston (Mr)", "الحسن, فاطمة", "TAYLOR, Jean (Miss)", "LI, Mei (Mrs)",
    ]  # fmt: skip
    needs = ["Help with washing and dressing", "Fall, no injury", "Catheter blocked", "Home from hospital, pathway 1"]
    sources = ["GP", "Hospital ward", "Telephone", "Ambulance (NWAS)"]
    places = ["Ancoats and Clayton", "Moston", "Hulme", "Wythenshawe"]
    states = ["waiting", "claimed", "yours", "accepted", "waiting", "declined"]
    urgencies = ["2 hours", "Same day", "24 hours", "72 hours"]
    minutes = [-95, -25, 12, 45, 80, 140, 170, 300, 600, 900, 1500, 4000]
    return [
        QueueRow(
            number, NOW + timedelta(minutes=minutes[number]), urgencies[number // 3], person,
            64 + 3 * number, needs[number % 4], sources[number % 4], places[number % 4], states[number % 6],
            {"claimed": "Owen Clarke", "yours": "You"}.get(states[number % 6], ""),
        )
        for number, person in enumerate(people)
    ]  # fmt: skip


def due_look(due: datetime) -> tokens.State:
    left = due - NOW
    return tokens.state("overdue" if left < timedelta() else "due_soon" if left < timedelta(hours=1) else "in_time")


QUEUE_COLUMNS: list[Column[QueueRow]] = [
    Column("due", "Time left", lambda r: wording.time_left(r.due, NOW), lambda r: r.due,
           lambda r: due_look(r.due), width=164),
    Column("urgency", "Urgency", lambda r: r.urgency, width=86),
    Column("name", "Person", lambda r: r.name, width=222, strong=True),
    Column("age", "Age", lambda r: str(r.age), lambda r: r.age, numeric=True, width=56),
    Column("need", "Need", lambda r: r.need, width=180, stretch=True),
    Column("source", "From", lambda r: r.source, width=140, quiet=True, hidden=True),
    Column("place", "Neighbourhood", lambda r: r.place, width=120, quiet=True),
    Column("state", "State", lambda r: wording.words(r.state), badge=lambda r: tokens.state(r.state), width=108),
    Column("holder", "Who has it", lambda r: r.holder, width=104, hidden=True),
]  # fmt: skip
