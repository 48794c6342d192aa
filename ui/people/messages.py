"""What people say: by code, see ui/sentences.py."""

SENTENCES = {
    "refused.register": "Not registered.",
    "nhs_number_taken": "That NHS number belongs to {surname}, {given}, who is registered already.",
    "nhs_number.taken": "Somebody is registered with that number: see below.",
    "nhs_number_taken_unseen": "That NHS number is registered already, to somebody whose record you may not see. "
    "Check the number; if it is right, ask the information-governance lead.",
    "surname.missing": "A surname is needed. Write “Unknown” when nobody knows it.",
    "impossible_date": "There is no such day.",
    "before_1890": "Nobody alive was born before 1890.",
    "before_birth": "That is before the date of birth.",
    "birth_date.in_the_future": "That day is still to come.",
    "unknown_practice": "No practice has that code.",
    "postcode_not_in_city_table": "The city's list of 2014 does not have this postcode. It may be new, or outside "
    "Manchester: no ward or social-care team follows from it.",
    "no_key_safe_code": "Never write a key-safe code here. Say only that there is one, and where.",
    "another_person": "That is about somebody else.",
    "conflict.people": "Somebody corrected this record while you had it open. Theirs is shown beside yours.",
    "not_found.people": "Nobody with that record is there, or it is not shared with your team.",
    "refused.correct": "Not saved.",
    "merged_meanwhile": "This record was merged into another one while you had it open. Open it again to go on there.",
    "refused.merge": "Not merged.",
    "merged_already": "One of these records was merged already, by {by}. Nothing was changed here.",
    "merged_already_unseen": "One of these records was merged already. Nothing was changed here.",
    "nhs_numbers_differ": "Both have a verified NHS number, and not the same one: they are two people.",
    "both_have_a_plan": "Both have a care plan. End one of the two first: a person has one plan.",
    "both_have_transfer": "Both are on the list of those who are ready to leave hospital. Take one of them off first.",
    "both_have_reablement": "Both have reablement under way. End one of the two episodes first.",
    "stays_overlap": "Both are booked into an apartment on the same days. Cancel one of the two stays first.",
    "refused.part": "Not parted.",
    "parted_already": "Somebody has parted these records already.",
    "merged_further": "This record was itself merged into another one since. Part that first.",
    "not_allowed.merging_has_roles": "Records are merged and parted by care co-ordinators, team leads and the "
    "information-governance lead.",
    "not_allowed.merging_is_shared_with_me": "Records are merged by somebody with whom both people share everything.",
    "refused.break_glass": "Not opened.",
    "refused.look": "Not looked for.",
    "emergency_not_needed": "Your team already sees this record, so emergency access is not needed. Open it as usual.",
    "emergency_in_force": "You already have emergency access to this record until {until}.",
    "emergency_nobody": "What was looked for is no longer at hand: look once more, and open it within half an hour.",
    "emergency_look_first": "This record is not shared with your team at all. Look for the person on the page "
    "Emergency access first.",
    "emergency_lookups_spent": "You have looked ten times or more within an hour, which is as often as is possible. "
    "Ring the team that knows the person, or wait; the information-governance lead sees each look.",
    "nhs_number.emergency_look_by_something": "Type the NHS number, or surname, first name and date of birth.",
    "words.emergency_words_too_short": "Say a little more: somebody else must understand why it could not wait.",
    "not_found.emergency": "That look is over. Look once more.",
    "not_allowed.emergency_is_for_direct_care": "Emergency access is for those who care for people directly: "
    "co-ordinators, assessors and team leads.",
    "refused.sharing": "Not taken back.",
    "sharing_not_taken_back": "Another agreement was written down since, or half an hour has passed. Write down what "
    "is agreed now instead.",
    "teams.sharing_names_no_team": "Tick at least one team: otherwise nobody could see the record.",
    "agreed_on.sharing_still_to_come": "That day is still to come. Write down what is agreed already.",
    "reason.sharing_reason_too_short": "Say a little more: why it is in the person's best interests.",
    "sharing_is_agreed": "With whom a person shares changes only with an agreement that is written down.",
    "not_allowed.sharing_is_shared_with_me": "This record is not shared with your team. Emergency access does not "
    "change with whom the person shares.",
    "not_allowed.sharing_agreement": "What was agreed is written down by co-ordinators, assessors and team leads.",
    "not_allowed.marks_see_what_is_there": "With whom somebody shares, or whose record it is, changes in a "
    "transaction that sees what others wrote meanwhile (read committed).",
    "not_allowed.preview_is_of_what_i_see": "This record is not shared with your team.",
    "not_allowed.preview_stands_apart": "The preview is not set up on this server. An administrator can migrate again.",
    "not_allowed.person": "People are registered by co-ordinators, assessors and team leads.",
}
