"""Words of the transfer to recovery."""

from __future__ import annotations

SENTENCES = {
    "refused.begin_transfer": "Nobody was put on the list.",
    "on_the_list_already": "This person is on the list already; find them there.",
    "refused.set_light": "That cannot be ticked.",
    "looked_up": "This turns green by itself when it is there. Mark it as not needed if it is not.",
    "ready_at.still_to_come": "That is still to come. When were they ready?",
    "admitted_on.after_they_were_ready": "That is after they were ready to leave. When did they come in?",
    "since.not_while_ready": "Choose a day from when they were ready, up to today.",
    "at.not_while_ready": "Choose a time from when they were ready, up to now.",
    "bed_reason.home_first": "Home comes first. Say why a bed elsewhere is needed (T3).",
    "destination.required": "Choose where they went; the situation report asks for it.",
    "why.why_not_ready": "Say why they need the hospital again.",
    "reason.delay_not_chosen": "Choose what they wait for.",
    "last.too_many_days": "Choose at most three months at a time.",
    "bed_reason.too_long": "Keep the reason to 500 characters.",
    "until.before_they_left": "Choose a day after they left.",
    "ended_on.not_since_they_left": "Choose a day from when they left, up to today.",
    "refused.one_more": "That cannot be worked out.",
    "not_waiting": "This person has left hospital already.",
    "refused.say_criteria": "That was not noted.",
    "not_on_the_list": "This person is not on the transfer list. Put them on it first (R).",
    "reason.criteria_not_chosen": "Choose why they still meet the criteria to reside.",
    "note.gone_where": "Say where they have gone, as far as it is known.",
    "told_by.too_long": "Keep it to a name and a role.",
    "reside_said_stands": "What was said by somebody else, or more than an hour ago, stands. Say what is so now.",
    "transfer_left_home_first": "Home comes first. Say why a bed elsewhere is needed (T3).",
    "transfer_home_first": "Home comes first. Say why a bed elsewhere is needed (T3).",
    "not_a_workbook": "This is no Excel workbook, or it is damaged. Save it anew as .xlsx and open that.",
    "book_too_large": "This workbook is too large to be a situation report.",
    "book_not_readable": "The file cannot be read. Is it open elsewhere, or gone?",
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
LIGHT_ICONS = {
    "plan": "clipboard-text",
    "first_visit": "calendar-check",
    "equipment": "wheelchair",
    "medicines": "pill",
    "keys": "key",
    "transport": "truck",
    "carer": "users",
    "apartment": "buildings",
}
LIGHT_MISSING = {
    "plan": "there is no care plan in force",
    "first_visit": "no visit is planned",
    "equipment": "nothing is ordered, and nobody has said what is needed",
    "medicines": "nobody has said what goes home with them",
    "keys": "nobody has said how one gets in",
    "transport": "nobody has said who takes them home",
    "carer": "nobody has said that the carer knows",
    "apartment": "asked for, not booked",
}
PATHWAY_WORDS = {
    "P0": "Home, nothing new (P0)",
    "P1": "Home with support (P1)",
    "P2": "A bed for a time (P2)",
    "P3": "Care home (P3)",
}
RECOVERY_WORDS = {"reablement": "Reablement", "intermediate_care": "Intermediate care"}
LIGHT_HINTS = {
    "equipment": "What has been brought, fitted or borrowed. Orders are seen by themselves.",
    "medicines": "What goes home with them, in what, and who gives it.",
    "keys": "How one gets in, and who has a key. Never the code of a key safe.",
    "transport": "Who takes them home, when, and from where.",
    "carer": "Who was told, and of what day.",
}
