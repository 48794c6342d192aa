"""Every page there is, in the order of the rail. A page's module is imported when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from coordination.governance.emergency import MAY_BREAK, MAY_READ
from ui.desk import Desk
from ui.page import Page, PageSpec


def _late(module: str, name: str, **how: Any) -> Callable[[Desk], Page]:
    def build(desk: Desk) -> Page:
        page: Page = getattr(import_module(module), name)(desk, **how)
        return page

    return build


_NOBODY = frozenset({"nobody"})  # it is reached by Ctrl+K
_OUT = frozenset({"care_coordinator", "team_lead", "manager"})  # who sees how visits ended

PAGES: tuple[PageSpec, ...] = (
    PageSpec("queue", "Queue", "tray", _late("ui.intake.page", "QueuePage"), group="Intake"),
    PageSpec("contact", "Contact", "phone", _late("ui.intake.contact_form", "ContactPage"), group="Intake"),
    PageSpec("people", "People", "users", _late("ui.people.page", "PeoplePage"), group="Intake"),
    PageSpec(
        "safeguarding", "Safeguarding", "shield-warning", _late("ui.safeguarding.page", "SafeguardingPage"),
        group="Intake", also="concern raise abuse neglect section 42",
    ),
    PageSpec(
        "plans", "Plans", "target", _late("ui.careplan.worklist", "PlansPage"), group="Today",
        also="care plan review acknowledge lead worker",
    ),
    PageSpec(
        "transfer", "Transfer", "bed", _late("ui.transfer.page", "TransferPage"), group="Today",
        also="hospital ready to go home moft discharge delay dtoc ward criteria to reside lights",
        rail_for=frozenset({"care_coordinator", "placement_coordinator", "trusted_assessor", "manager"}),
    ),
    PageSpec(
        "morning", "Criteria to reside", "list-bullets", _late("ui.transfer.morning_page", "MorningPage"),
        group="Today", also="morning call hospital list no longer meets still meets site print",
        roles=frozenset({"care_coordinator", "placement_coordinator", "team_lead", "trusted_assessor", "manager"}),
        rail_for=frozenset({"trusted_assessor"}),
    ),
    PageSpec(
        "caseload", "Caseload", "chart-bar", _late("ui.transfer.caseload_page", "CaseloadPage"), group="Today",
        also="hundred recovery reablement intermediate care two weeks forecast planned ends queue",
        roles=frozenset({"care_coordinator", "placement_coordinator", "team_lead", "trusted_assessor", "manager"}),
        rail_for=frozenset({"manager"}),
    ),
    PageSpec(
        "reablement", "Reablement", "person-simple-walk", _late("ui.deployment.page", "ReablementPage"), group="Today",
        also="visits board deployment",
    ),
    PageSpec(
        "nursing", "District nursing", "first-aid-kit", _late("ui.deployment.page", "NursingPage"), group="Today",
        also="visits board deployment",
    ),
    PageSpec(
        "equipment", "Equipment", "package", _late("ui.equipment.page", "EquipmentPage"), group="Today",
        also="order loan collect commode bed hoist rail store stock serial service overdue reminder",
        rail_for=frozenset({"care_coordinator", "placement_coordinator", "team_lead", "trusted_assessor", "manager"}),
    ),
    PageSpec(
        "deliveries", "Deliveries", "truck", _late("ui.deployment.page", "DeliveriesPage"), group="Today",
        also="equipment board drivers fitters deliver fit collect van", rail_for=frozenset({"team_lead"}),
    ),
    PageSpec(
        "no_access", "No access", "door", _late("ui.outcomes.page", "NoAccessPage"), group="Today",
        also="nobody found escalation welfare check declined", roles=_OUT,
        rail_for=frozenset({"care_coordinator", "team_lead"}),
    ),
    PageSpec(
        "papers", "Paper sheets", "files", _late("ui.outcomes.papers", "PapersPage"), group="Today",
        also="outcomes late entry missed visits done", roles=_OUT,
        rail_for=frozenset({"team_lead"}),
    ),
    PageSpec(
        "episodes", "In reablement", "users-three", _late("ui.reablement.page", "EpisodesPage"), group="Today",
        also="episode six weeks review hand over package provider long-term care complex",
        rail_for=frozenset({"team_lead", "trusted_assessor", "manager"}),
    ),
    PageSpec(
        "forecast", "Forecast", "chart-bar", _late("ui.reablement.forecast_page", "ForecastPage"), group="Today",
        also="demand capacity hours short two weeks neighbourhood balance",
        rail_for=frozenset({"team_lead", "manager"}),
    ),
    PageSpec(
        "apartments", "Apartments", "buildings", _late("ui.apartments.page", "ApartmentsPage"), group="Today",
        also="stays flats placement",
    ),
    PageSpec(
        "workers", "Workers", "identification-badge", _late("ui.workforce.page", "WorkersPage"), group="Today",
        also="staff rota leave sickness skills hours agency languages",
        roles=frozenset({"care_coordinator", "team_lead", "manager", "ig_lead"}),
        rail_for=frozenset({"team_lead", "manager"}),
    ),
    PageSpec(
        "placements", "Apartment referrals", "house", _late("ui.apartments.referrals", "ReferralsPage"), group="Today",
        also="apartment referral waiting declined needs step-free hoist bedrooms placement way back",
        rail_for=frozenset({"placement_coordinator"}),
    ),
    PageSpec(
        "moveon", "Moving on", "path", _late("ui.apartments.tracker", "MoveOnPage"), group="Today",
        also="tracker apartments stays six weeks move on tasks hospital hold",
        rail_for=frozenset({"placement_coordinator", "manager"}),
    ),
    PageSpec(
        "reliance", "Relied on", "handshake", _late("ui.trust.reliance_page", "ReliancePage"), group="Today",
        also="assessments to rely on accept ask challenge receipt asked again trusted",
        roles=frozenset({"care_coordinator", "team_lead", "trusted_assessor", "manager", "ig_lead"}),
    ),
    PageSpec(
        "trust", "Trusted assessors", "circle-wavy-check", _late("ui.trust.page", "TrustPage"), group="More",
        also="agreement competency recognition assessor scope",
    ),
    PageSpec(
        "sitrep", "Situation report", "table", _late("ui.transfer.report_page", "SituationPage"), group="More",
        also="discharge delayed days hospital national return dtoc",
        roles=frozenset({"care_coordinator", "placement_coordinator", "team_lead", "trusted_assessor", "manager"}),
        rail_for=frozenset({"manager", "placement_coordinator"}),
    ),
    PageSpec(
        "schemes", "Schemes", "house-line", _late("ui.apartments.schemes", "SchemesPage"), group="More",
        also="scheme apartment flat lease age limit criteria extra care sheltered stock accepting",
        roles=frozenset({"placement_coordinator", "manager", "administrator", "care_coordinator", "team_lead"}),
        rail_for=frozenset({"placement_coordinator", "manager", "administrator"}),
    ),
    PageSpec(
        "stores", "Stores", "storefront", _late("ui.equipment.stores_page", "StoresPage"), group="More",
        also="equipment store close open stock",
        roles=frozenset({"care_coordinator", "placement_coordinator", "team_lead", "manager", "administrator"}),
        rail_for=frozenset({"administrator"}),
    ),
    PageSpec(
        "apartment_figures", "Apartment figures", "chart-bar", _late("ui.apartments.figures", "ApartmentFiguresPage"),
        group="More", also="occupancy void length of stay discharge deflected measures",
        roles=frozenset({"placement_coordinator", "manager", "team_lead", "care_coordinator"}),
        rail_for=frozenset({"manager", "placement_coordinator"}),
    ),
    PageSpec("imports", "Messages", "envelope-simple", _late("ui.messages.page", "ImportsPage"), group="More"),
    PageSpec(
        "duty", "Shift", "clock-clockwise", _late("ui.duty.page", "DutyPage"), group="More",
        also="handover break rota hand over",
    ),
    PageSpec(
        "forms", "Forms", "note-pencil", _late("ui.forms.page", "FormsPage"), group="More",
        also="form version draft publish preview withdraw toml", roles=frozenset({"administrator", "manager"}),
    ),
    PageSpec(
        "settings", "Settings", "sliders-horizontal", _late("ui.settings.page", "SettingsPage"), group="More",
        also="limits caseload days hours travel numbers administrator configuration",
        roles=frozenset({"administrator", "manager"}),
    ),
    PageSpec(
        "users", "Users and teams", "users-four", _late("ui.users.page", "UsersPage"), group="More",
        also="login account password reset disable switch off sign out everywhere administrator colleague",
        roles=frozenset({"administrator"}),
    ),
    PageSpec(
        "looked", "Who has looked", "eye", _late("ui.governance.looked_page", "LookedPage"), group="More",
        also="audit trail governance snooping subject access seals verify refused", roles=frozenset({"ig_lead"}),
    ),
    PageSpec("unsent", "Not sent yet", "paper-plane-tilt", _late("ui.local.page", "UnsentPage"), in_rail=False),
    PageSpec(
        "episode", "Reablement episode", "person-simple-walk", _late("ui.reablement.episode_page", "EpisodePage"),
        in_rail=False,
    ),
    PageSpec("wall", "Wall display", "monitor", _late("ui.intake.wall", "WallPage"), in_rail=False),
    PageSpec("rotas", "Rotas", "calendar-blank", _late("ui.workforce.rota_page", "RotasPage"), in_rail=False),
    PageSpec("rota_month", "Month", "columns", _late("ui.workforce.month_page", "MonthPage"), in_rail=False),
    PageSpec("person", "Person", "user", _late("ui.people.page", "PersonPage"), in_rail=False),
    PageSpec(
        "emergency", "Emergency review", "lock-key-open", _late("ui.governance.emergency_page", "EmergencyPage"),
        group="More", also="break glass review governance", roles=MAY_READ, rail_for=frozenset({"ig_lead", "manager"}),
    ),
    PageSpec(
        "emergency_access", "Emergency access", "lock-key-open", _late("ui.people.glass_page", "GlassPage"),
        group="More", also="break glass hidden record not shared", roles=MAY_BREAK, rail_for=_NOBODY,
    ),
    PageSpec(
        "assessment", "Assessment", "clipboard-text", _late("ui.assessment.editor", "AssessmentPage"), in_rail=False
    ),
    PageSpec("visits", "Visits", "calendar-check", _late("ui.visits.page", "VisitsPage"), in_rail=False),
    PageSpec("plan", "Care plan", "target", _late("ui.careplan.page", "PlanPage"), in_rail=False),
    PageSpec(
        "plan_versions", "Versions", "columns", _late("ui.careplan.versions_page", "VersionsPage"), in_rail=False
    ),
)  # fmt: skip


# Care, and the shifts of those who give it: nothing that these two roles read (docs/decisions/who-sees-what.md).
_CARE = frozenset({
    "queue", "contact", "safeguarding", "plans", "transfer", "reablement", "nursing", "deliveries", "apartments",
    "episodes", "episode", "forecast", "placements", "moveon", "wall", "assessment", "visits", "plan", "plan_versions",
    "workers", "rotas", "rota_month", "reliance", "equipment",
})  # fmt: skip
NOT_THEIRS: Mapping[str, frozenset[str]] = {
    "ig_lead": _CARE | {"imports"},
    "administrator": _CARE | {"people", "person"},
    "placement_coordinator": frozenset({"nursing", "rotas", "rota_month"}),
    "trusted_assessor": frozenset({"rotas", "rota_month"}),
}


def pages_for(role: str) -> tuple[PageSpec, ...]:
    """The pages of a desk."""
    without = NOT_THEIRS.get(role, frozenset())
    return tuple(spec for spec in PAGES if spec.id not in without and (not spec.roles or role in spec.roles))


def pages_of_others(role: str) -> frozenset[str]:
    """The ids of those that there are and that are not this role's."""
    return frozenset(spec.id for spec in PAGES) - {spec.id for spec in pages_for(role)}
