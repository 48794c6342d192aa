"""What the apartments say: by code, see ui/sentences.py."""

SENTENCES = {
    "refused.book": "This stay cannot be booked.",
    "refused.move": "This stay cannot be moved there.",
    "refused.extend": "The stay cannot end then.",
    "apartment_taken": "{apartment} is booked for {who} from {start} to {last}.",
    "apartment_taken_unseen": "{apartment} is taken from {start} to {last} by somebody whose record you may not see.",
    "apartment_cleaning": "{apartment} is being cleaned from {start} to {last}.",
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
    "free_here_from": "It is free for that many days from {start}.",
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

PURPOSE_WORDS = {
    "step_down": "Step-down from hospital",
    "respite": "Respite",
    "carer_breakdown": "Carer breakdown",
    "adaptations": "Adaptations at home",
    "fire_or_flood": "Fire or flood",
    "cuckooing": "Cuckooing",
    "crisis": "Crisis",
    "other": "Other",
}
INSTEAD_WORDS = {
    "hospital_bed": "In a hospital bed, ready to leave",
    "care_home": "In a care home",
    "unsafe_home": "At home, where it is not safe",
}
# What a purpose usually stands in the place of; whoever books may say otherwise.
USUALLY_INSTEAD = {
    "step_down": "hospital_bed",
    "carer_breakdown": "care_home",
    "respite": "care_home",
    "adaptations": "unsafe_home",
    "fire_or_flood": "unsafe_home",
    "cuckooing": "unsafe_home",
}
NEED_WORDS = {
    "step_free": "step-free",
    "hoist": "hoist",
    "pets": "pets welcome",
    "bedrooms": "bedrooms",
    "age": "age",
    "locality": "own locality",
    "later": "free later only",
}
KIND_WORDS = {"cleaning": "Cleaning", "repair": "Repair", "offline": "Out of use"}
SCHEME_WORDS = {"extra_care": "Extra Care", "sheltered": "Sheltered"}
