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
    "not_allowed.person": "People are registered by co-ordinators, assessors and team leads.",
}
