"""What schemes, referrals for apartments and matches say: by code, see ui/sentences.py."""

from __future__ import annotations

from coordination.errors import Obstacle
from coordination.reference import standing
from ui import wording

SENTENCES = {
    "conflict.schemes": "Somebody changed this scheme a moment ago. It is shown as it stands now.",
    "conflict.placements": "Somebody changed this referral a moment ago. It is shown as it stands now.",
    "not_found.schemes": "That scheme or apartment is no longer there.",
    "not_found.placements": "That referral waits again; it is not among the declined ones any more.",
    "not_allowed.scheme": "Schemes are kept by placement co-ordinators, managers and administrators.",
    "not_allowed.apartment": "Apartments are kept by placement co-ordinators, managers and administrators.",
    "not_allowed.scheme_need": "Schemes are kept by placement co-ordinators, managers and administrators.",
    "not_allowed.apartment_request": "What a referral needs is recorded by co-ordinators, assessors and team leads.",
    "not_allowed.apartment_pause": "Placement co-ordinators say which apartments take nobody in.",
    "not_allowed.stay_override": "Placement co-ordinators book against what a scheme takes.",
    "refused.pause_scheme": "Nothing was changed.",
    "takes_nobody_already": "None of its apartments takes anybody in already.",
    "name_is_taken": "There is one of that name already.",
    "scheme_age": "An age limit is between 16 and 99. Leave it empty for none.",
    "scheme_connection_has_place": "Choose the neighbourhood that the scheme is for.",
    "flat_bedrooms": "0 to 6 bedrooms.",
    "lease_ends_before_it_begins": "The lease begins after that day.",
    "refused.remove_scheme": "The scheme cannot be taken out again.",
    "scheme_has_apartments": "It has apartments. End their leases instead.",
    "refused.remove_flat": "The apartment cannot be taken out again.",
    "flat_has_stays": "Something was booked there. End its lease instead.",
    "refused.end_lease": "The lease cannot have these days: move or cancel first what lies outside them.",
    "past_lease_stay": "{who} is booked from {start} to {last}.",
    "past_lease_closed": "It is closed from {start} to {last} ({what}).",
    "past_lease_hidden": "Somebody whose record you may not see is booked from {start} to {last}.",
    "past_lease_unseen": "There are bookings outside them that you may not see; a placement co-ordinator may.",
    "more_past_lease": "And {count} more.",
    "apartment_reason_missing": "Choose what the apartment is for.",
    "apartment_answer_missing": "This needs an answer for that reason. Write what is known, or whom to ask.",
    "next_step_missing": "Say what is done next, so that the referral is not lost.",
    "decline_code_missing": "Choose why; the figures are made of it.",
    "decline_said_in_words": "Say it in words, where nothing of the list fits.",
    "apartment_decline_has_code": "Choose why an apartment could not be offered (E).",
    "apartment_decline_code_in_force": "That reason is not of the list in force. Choose another.",
    "override_missing": "Say why they stay there all the same.",
    "apartment_request_is_whole": "A question of that reason is not answered.",
    "apartment_request_is_for_apartment": "This referral is not for an apartment any more.",
    "not_taken_age": "The person is younger than the scheme takes.",
    "not_taken_local_connection": "The scheme is for people who live nearer.",
    "not_taken_step_free": "They need step-free access, which the apartment has not.",
    "not_taken_hoist": "They need a hoist, which the apartment has not.",
    "not_taken_pets": "They bring a pet, and the apartment takes none.",
    "not_taken_bedrooms": "They need more bedrooms than the apartment has.",
    "not_taken_need": "The scheme cannot meet what they need: {words}.",
    "not_taken_how": "Choose another apartment, or say why they stay there all the same.",
}

CRITERION_WORDS = {
    "age": "age limit",
    "local_connection": "local connection",
    "step_free": "step-free",
    "hoist": "hoist",
    "pets": "pets",
    "bedrooms": "bedrooms",
}
CARE_NEEDS = {each.code: each.words for each in standing.read().care_needs}
DECLINES = {each.code: each.words for each in standing.read().decline_reasons}
QUESTIONS = {each.code: each.short for each in standing.read().apartment_questions}
CONNECTION_WORDS = {
    "": "Anybody",
    "locality": "Who lives in its locality",
    "neighbourhood": "Who lives in its neighbourhood",
}

# What speaks for and against a match: by the codes of coordination/apartments/matching.py.
_SAID = {
    "has_step_free": "step-free",
    "has_hoist": "hoist",
    "has_pets": "pets welcome",
    "has_bedrooms": "{rooms}",
    "meets_need": "can meet: {words}",
    "has_local_connection": "lives where the scheme is for",
    "wished_scheme": "the scheme that is wished for",
    "other_scheme": "not the scheme that is wished for",
    "own_locality": "in {locality}, as wished",
    "other_locality": "in {locality}",
    "near": "{km:.1f} km from home",
    "at_a_distance": "{km:.1f} km from home",
    "far": "{km:.1f} km from home",
    "distance_not_known": "distance not known",
    "free_at_once": "free at once",
    "free_later": "free only from {start}",
    "no_free_days": "no free days in sight",
    "takes_nobody": "takes nobody in ({reason})",
    "lease_ends": "leased only until {last}",
    "not_furnished": "not furnished",
    "need_not_said": "to be asked: {words}",
    "lacks_step_free": "not step-free",
    "lacks_hoist": "no hoist",
    "lacks_pets": "no pets",
    "lacks_bedrooms": "only {bedrooms}-bedroom",
    "lacks_age": "from {age} years only",
    "lacks_local_connection": "only for people of {place}",
    "lacks_need": "cannot meet: {words}{note}",
}


def said(each: Obstacle) -> str:
    """One reason for or against a match, in a few words."""
    facts = dict(each.facts)
    if "need" in facts:
        facts["words"] = CARE_NEEDS.get(facts["need"], facts["need"]).lower()
    if "note" in facts:
        facts["note"] = f" ({facts['note']})" if facts["note"] else ""
    if each.code == "lacks_bedrooms" and facts["bedrooms"] == 0:
        return "a studio"
    if "bedrooms" in facts:
        facts["rooms"] = wording.count(facts["bedrooms"], "bedroom")
    for name in ("start", "last"):
        if facts.get(name) is not None:
            facts[name] = wording.day(facts[name])
    for name in ("locality", "place"):
        if name in facts:
            facts[name] = str(facts[name])[:1].upper() + str(facts[name])[1:]
    return _SAID[each.code].format(**facts)


def criterion_words(code: str) -> str:
    """``age limit``; of a need its words."""
    return CRITERION_WORDS.get(code) or CARE_NEEDS.get(code.removeprefix("need:"), code)
