"""What the workforce's pages say: by code, see ui/sentences.py."""

SENTENCES = {
    # a worker
    "name.nameless": "Every worker and every rota needs a name.",
    "contracted_minutes.out_of_range": "A week's hours are between 0 and 70. Left empty, they are not known.",
    "contracted_minutes.not_a_length": "Write hours as 37.5 or 37:30.",
    "most_minutes.out_of_range": "Between a quarter of an hour and 15 hours a day. Left empty, there is no limit.",
    "most_minutes.not_a_length": "Write hours as 5.5 or 5:30.",
    "languages.too_many": "Twelve languages are the most that are kept.",
    "postcode.not_in_register": "That postcode is not in this centre's register. Try the next one along the street.",
    "skill.missing": "Choose a skill.",
    "skill.not_known": "That skill is not in the list.",
    "person.missing": "Find the person first, and choose them with Enter.",
    "person.not_known": "That person is not there any more, or does not share their record with you.",
    "reason.over_300": "Keep it to 300 characters.",
    "conflict.worker": "A colleague changed this worker a moment ago. It is shown as it is now.",
    "conflict.worker_skill": "A colleague changed that skill a moment ago. It is shown as it is now.",
    "conflict.worker_person": "A colleague said something else of the two a moment ago. It is shown as it is now.",
    "not_found.worker": "That worker is not there any more.",
    "not_allowed.worker": "Team leads look after workers. You can read them.",
    "not_allowed.worker_skill": "Team leads look after workers' skills. You can read them.",
    "not_allowed.worker_person": "Team leads say whom a worker knows. You can read it.",
    # rotas
    "weeks.out_of_range": "A cycle has 1 to 12 weeks.",
    "first_monday.not_a_monday": "A cycle begins on a Monday.",
    "name.taken": "The team has a rota of that name. Give this one another.",
    "overlaps": "These hours overlap others of the rota, at the end of its cycle too. Nobody works twice at once.",
    "no_hours": "These hours have no length. Write them as 07:00-15:00, or 22-7 for a night.",
    "not_in_cycle": "That day is not in the cycle.",
    "not_hours": "That is not read as hours. Write 7-15, 07:30-15:00, 22-7 for a night, or 7-11, 16-20 for two.",
    "rota_in_use": "Somebody works to it, or did. Take it out of use instead, so that it stays known.",
    "refused.remove_rota": "The rota stays.",
    "conflict.rota": "A colleague changed this rota a moment ago.",
    "not_found.rota": "That rota is not there any more.",
    "not_allowed.rota": "Team leads look after rotas. You can read them.",
    "not_allowed.rota_spell": "Team leads look after rotas. You can read them.",
    "end.before_start": "It ends before it begins.",
    "start.has_another": "They work to another rota by then. End that one first, or begin later.",
    "conflict.worker_rota": "A colleague changed this rota of theirs a moment ago. It is shown as it is now.",
    "not_allowed.worker_rota": "Team leads say who works to which rota.",
    "rota.missing": "Choose a rota.",
    # exceptions
    "day.has_one": "That day is an exception already. Take that one back first, or add extra hours.",
    "starts.missing": "From when?",
    "ends.missing": "Until when?",
    "ends.no_hours": "It ends when it begins.",
    "conflict.rota_exception": "A colleague changed this day a moment ago. It is shown as it is now.",
    "not_allowed.rota_exception": "Team leads say which days are not as the rota has them.",
    # leave and sickness
    "last.before_first": "It ends before it begins. The last day is the first day or a later one.",
    "last.too_far": "That is more than 400 days. Enter it a year at a time.",
    "last.nothing_left": "From midday until midday of one day is nothing. Choose one half.",
    "first.away_already": "They are away on some of these days already. Change that entry, or choose other days.",
    "category.not_known": "That is not one of the categories.",
    "back.after_end": "By then they are back anyway.",
    "conflict.absence": "A colleague changed this entry a moment ago. It is shown as it is now.",
    "not_found.absence": "That entry is not there any more.",
    "not_allowed.shift": "Team leads enter leave, sickness and hours. You can read them.",
    "refused.give_again": "Not every visit could be given again, so nothing was undone.",
    "refused.make_ahead": "Nothing was made.",
    "made_elsewhere": "Another desk is making shifts and visits ahead just now. Try again in a few minutes.",
    # what a roll-out tells
    "no_base": "{worker} has no base: ways to the first visit and home are not counted.",
    "no_rota": "{worker} works to no rota: no shifts are made.",
    "no_rota_on": "{worker} works to no rota from {first} to {last}.",
    "not_on_the_clock": "{worker}, {day}: {hours} is not on the clock that night, because the clocks go forward.",
    "kept_by_hand": "{worker}, {day}: the hours entered by hand stay; those of the rota are not made.",
    "over_another": "{worker}, {day}: hours overlap others of the same worker and are not made.",
    "days_gone_by": "Days that have gone by stay as they were.",
}

STATES = {"work": "At work", "leave": "On leave", "sickness": "Sick", "off": "Not at work"}
KINDS = {"leave": "Leave", "sickness": "Sickness"}
CATEGORIES = {
    "annual": "Annual leave",
    "bank_holiday": "Bank holiday",
    "carers": "Carer's leave",
    "compassionate": "Compassionate leave",
    "parental": "Parental leave",
    "study": "Study or training",
    "unpaid": "Unpaid leave",
    "self_certified": "Self-certified",
    "fit_note": "Fit note",
    "work_injury": "Injured at work",
    "other": "Other",
}
TRAVEL = {"car": "Car", "bicycle": "Bicycle", "foot": "On foot", "bus": "Bus"}
GENDERS = {"female": "Female", "male": "Male", "other": "Other", "not_known": "Not known"}
EXCEPTIONS = {"off": "Off", "hours": "Other hours", "extra": "Extra hours"}
RELATIONS = {"knows": "Knows", "not_to": "Is not to visit"}
WHY = {
    "away": "away",
    "off_shift": "off shift",
    "lacks_skill": "lacks the skill",
    "may_not_visit": "not to visit",
    "gone": "works here no longer",
}
FIELDS = {
    "name": "Name",
    "grade": "Grade",
    "travel": "Travels by",
    "base": "Day begins at",
    "base_name": "Name of the base",
    "place": "Place",
    "contracted_minutes": "Hours a week",
    "most_minutes": "Most hours with people a day",
    "agency": "Agency",
    "enhanced": "Enhanced officer",
    "languages": "Languages",
    "neighbourhoods": "Neighbourhoods",
    "active": "Works here",
}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
