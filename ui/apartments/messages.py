"""What the apartments say: by code, see ui/sentences.py."""

from __future__ import annotations

from coordination.reference import standing
from ui.apartments import scheme_messages

SENTENCES = {
    **scheme_messages.SENTENCES,
    "refused.book": "This stay cannot be booked.",
    "refused.move": "This stay cannot be moved there.",
    "refused.extend": "The stay cannot have these days.",
    "refused.swap": "They cannot exchange their apartments.",
    "refused.split": "The stay cannot go on there.",
    "refused.apartment_pause": "That is said of this apartment already.",
    "refused.cancel": "The stay cannot be cancelled.",
    "refused.move_on": "The stay cannot end then.",
    "refused.stay_undo": "It cannot be taken back.",
    "apartment_taken": "{apartment} is booked for {who} from {start} to {last}.",
    "apartment_taken_unseen": "{apartment} is taken from {start} to {last} by somebody whose record you may not see.",
    "apartment_cleaning": "{apartment} is being cleaned from {start} to {last}.",
    "apartment_inspection": "{apartment} is being inspected from {start} to {last}.",
    "apartment_cleaning_on": "{apartment} is being cleaned on {start}.",
    "apartment_inspection_on": "{apartment} is being inspected on {start}.",
    "apartment_repair_on": "{apartment} is under repair on {start}.",
    "apartment_offline_on": "{apartment} is out of use on {start}.",
    "apartment_repair": "{apartment} is under repair from {start} to {last}.",
    "apartment_offline": "{apartment} is out of use from {start} to {last}.",
    "not_leased": "{apartment} is not leased for all of these days.",
    "person_has_stay": "This person has {apartment} from {start} to {last}.",
    "still_inside": "{who} has not left {apartment} yet. Record that they moved on first.",
    "not_in_the_apartment": "{who} is not in the apartment, so it cannot be held for them.",
    "not_during_the_stay": "Choose a day of the stay, not later than today.",
    "hold_too_long": "An apartment is held for 1 to 28 days.",
    "code.required": "Choose where they went; the figures are made of it.",
    "words.step_missing": "Say what is to be done.",
    "note.step_missing": "Say why it is not needed.",
    "owner.not_a_colleague": "That is nobody who can sign in. Choose somebody from the list.",
    "refused.hold": "The apartment cannot be held.",
    "move_on_task_done_is_not_blocked": "What is done has nothing in its way.",
    "not_accepting": "{apartment} takes nobody in since {start}, until further notice: {reason}.",
    "not_accepting_until": "{apartment} takes nobody in from {start} to {last}: {reason}.",
    "stay_is_over": "The stay of {who} is over, or was never begun.",
    "not_inside_the_stay": "Choose a day after {start}, not later than {last}.",
    "same_apartment": "Both are in {apartment}.",
    "over_by_then": "The stay of {who} ends on {last}, before that day.",
    "goes_on_already": "The stay of {who} goes on in another apartment from {start} already.",
    "stay_apartment_free": "Somebody else has these days.",
    "stay_person_once": "This person has another apartment on some of these days.",
    "stay_within_lease": "The apartment is not leased for all of these days.",
    "stay_one_inside": "Somebody has not left the apartment yet.",
    "stay_apartment_accepts": "The apartment takes nobody in on the first of these days.",
    "stay_within_six_weeks": "A stay past six weeks (42 days), in all its apartments together, needs a reason.",
    "apartment_pause_once": "It is said already that the apartment takes nobody in on some of these days.",
    "free_here_from": "It is free for that many days from {start}.",
    "free_here_sooner": "It is free for that many days from {start} already.",
    "free_until": "It can last until {last}.",
    "free_elsewhere": "{apartment} is free on these very days.",
    "past_six_weeks_needs_reason": "A stay past six weeks (42 days) needs a reason.",
    "apartments->in_stay": "Only a booked stay can begin.",
    "apartments->ended": "Only a stay that has begun can end.",
    "apartments->cancelled": "Only a stay that has not begun can be cancelled.",
    "conflict.apartments": "Somebody changed this stay a moment ago. It is shown as it stands now.",
    "not_found.apartments": "That stay is no longer there.",
    "not_allowed.stay": "Stays are booked by the placement co-ordinators.",
    "person.required": "Choose whom the stay is for.",
}

PURPOSE_WORDS = {each.code: each.words for each in standing.read().apartment_reasons}
INSTEAD_WORDS = {
    "hospital_bed": "In a hospital bed, ready to leave",
    "care_home": "In a care home",
    "unsafe_home": "At home, where it is not safe",
}
# What a purpose usually stands in the place of; whoever books may say otherwise.
USUALLY_INSTEAD = {each.code: each.instead_of for each in standing.read().apartment_reasons}
NEED_WORDS = {
    "step_free": "step-free",
    "hoist": "hoist",
    "pets": "pets welcome",
    "bedrooms": "bedrooms",
    "age": "age",
    "locality": "own locality",
    "later": "free later only",
}
KIND_WORDS = {"cleaning": "Cleaning", "inspection": "Inspection", "repair": "Repair", "offline": "Out of use"}
SCHEME_WORDS = {"extra_care": "Extra Care", "sheltered": "Sheltered"}
