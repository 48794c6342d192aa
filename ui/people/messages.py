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
    "not_allowed.person": "People are registered by co-ordinators, assessors and team leads.",
}
