"""What safeguarding says: by code, see ui/sentences.py."""

SENTENCES = {
    "seen_or_said.missing": "Write what was seen or said, and by whom, in their words.",
    "role.missing": "Write what they are and for whom they work.",
    "name.missing": "Write who was told.",
    "told_at.in_the_future": "That time is still to come.",
    "told_at.too_long_ago": "That is over a year ago. Check the date.",
    "decision.missing": "Choose what is decided.",
    "decision_words.missing": "Say why, and what happens next.",
    "danger.not_in_list": "That is not one of the choices.",
    "concern_with_another": "{owner} has this concern. Take it over with a reason, or ask them.",
    "concern_is_decided": "It is decided, and what stands in it is kept. Reopen it to write in it.",
    "nobody_told": "Write down at least one person who was told before it is decided.",
    "refused.safeguarding": "That was not done.",
    "conflict.safeguarding": "A colleague changed it a moment ago. It is shown as it is now; what you typed is kept.",
    "not_found.safeguarding": "That concern is not there, or you may not see it.",
    "safeguarding->decided": "It is {state} already.",
    "safeguarding->looking": "It is {state} already.",
    "not_allowed.safeguarding_concern": "Your role does not raise or change safeguarding concerns. Tell a team lead.",
    "referral_safeguarding_undecided": "Its safeguarding concern is not decided yet: that comes first. "
    "See Safeguarding at the left.",
    "referral_safeguarding_stays": "It has a safeguarding concern, which stays with it.",
    "safeguarding_owner_is_active": "That colleague cannot have a concern.",
    "safeguarding_somebody_was_told": "Write down at least one person who was told before it is decided.",
    "safeguarding_owner_decides": "A colleague has this concern. Take it over with a reason first.",
}
