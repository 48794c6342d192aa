"""What the findings of a ward's notice say in words, and the errors about notices and receipts."""

_FINDINGS = {
    "notice_missing": "It says that it is of the hospital referral standard, and holds no notice. Ask the ward.",
    "notice_in_mail": (
        "It came attached to an e-mail from {sender} ({value}). Anybody can write one: nobody was chosen, and nothing"
        " is withdrawn, before somebody has looked."
    ),
    "person_not_believed": "The NHS number is somebody's here, and a mail proves nothing. Choose when you are sure.",
    "notices_left_out": "It holds {count} notices more than any ward sends at once, kept as words. Ask the ward.",
    "heading_missing": "The standard wants something here, and nothing was sent. Ask the ward if you need it.",
    "heading_unknown": "The standard has no such heading. What stands there is kept, under “Everything else”.",
    "heading_spelt_twice": "The heading stands here twice, spelt in two ways. Both are kept.",
    "heading_too_often": "It stands here {count} times, and should once. The first is used; all are kept.",
    "heading_with_parts": "A code with its words stands here, where words were expected. Both are shown.",
    "group_where_words": "Several things stand here, where the standard has one. All are kept.",
    "words_where_group": "Words stand here, where the standard has several headings. They are kept.",
    "list_in_list": "A list within a list. All that stands in it is kept.",
    "code_otherwise": "“{value}” was read as {read_as}.",
    "issued_in_future": "It says that it was issued later than now. The time of its arrival is used.",
    "moft_in_future": "The time since when the person is medically optimised is still to come. It is not used.",
    "notice_kept_for_later": (
        "It speaks of a referral that is not here. It is kept, and applied by itself when the assessment notice"
        " comes. Until then: ask the ward, or say which referral it belongs to."
    ),
    "notice_was_waiting": "A {kind} that had come before it was applied to it now.",
    "withdrawal_overtaken": "The ward has sent a newer assessment notice since. The withdrawal changes nothing.",
    "withdrawal_to_settle": (
        "The ward withdraws, and {holder} has the referral. It stays open until somebody agrees or keeps it on."
    ),
    "withdrawal_unclear": (
        "It does not say clearly what is withdrawn, or why. Ask the ward; then decide on the referral."
    ),
    "withdrawal_nothing_left": "There is nothing left to withdraw: referral {number} has ended already.",
    "withdrawal_because_died": (
        "The ward says that the person has died. Record it on the person, and tell who needs to know."
    ),
    "referral_withdrawn": "Referral {number} was withdrawn by the ward and is closed.",
    "referral_reopened": "Referral {number} had been withdrawn by the ward. It is in the queue again.",
    "discharge_taken_back": "The discharge notice is withdrawn: the four hours of referral {number} no longer run.",
    "moft_told": "Referral {number} is to be assessed within four hours of this notice.",
}

SENTENCES = {f"finding.{code}": words for code, words in _FINDINGS.items()} | {
    "conflict.hospital": "Somebody has dealt with this notice in the meantime. It is shown as it now stands.",
    "not_found.hospital": "That notice is not there any more, or you may not see it.",
    "not_found.hospital_referral": "There is no open referral with that number, or you may not see it.",
    "answer_words.required": "Say why, in a sentence: the ward gets these words.",
    "referral_number.required": "Type the number of the referral.",
}
