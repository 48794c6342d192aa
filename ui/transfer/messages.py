"""Words of the transfer to recovery."""

from __future__ import annotations

SENTENCES = {
    "refused.begin_transfer": "Nobody was put on the list.",
    "on_the_list_already": "This person is on the list already; find them there.",
    "refused.set_light": "That cannot be ticked.",
    "looked_up": "This turns green by itself when it is there. Mark it as not needed if it is not.",
    "ready_at.still_to_come": "That is still to come. When were they ready?",
    "since.not_while_ready": "Choose a day from when they were ready, up to today.",
    "at.not_while_ready": "Choose a time from when they were ready, up to now.",
    "bed_reason.home_first": "Home comes first. Say why a bed elsewhere is needed (T3).",
    "destination.required": "Choose where they went; the situation report asks for it.",
    "why.why_not_ready": "Say why they need the hospital again.",
    "reason.delay_not_chosen": "Choose what they wait for.",
    "last.too_many_days": "Choose at most three months at a time.",
    "conflict.transfer": "Somebody changed this a moment ago. It is shown as it stands now.",
    "not_found.transfer": "That person is no longer on the list.",
}
LIGHT_WORDS = {
    "plan": "Plan",
    "first_visit": "First visit",
    "equipment": "Equipment",
    "medicines": "Medicines",
    "keys": "Keys and access",
    "transport": "Transport",
    "carer": "Carer told",
    "apartment": "Apartment",
}
PATHWAY_WORDS = {
    "P0": "Home, nothing new (P0)",
    "P1": "Home with support (P1)",
    "P2": "A bed for a time (P2)",
    "P3": "Care home (P3)",
}
