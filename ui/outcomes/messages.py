"""What the outcomes of visits and the cases of nobody found say: by code, see ui/sentences.py."""

SENTENCES = {
    # a line of a sheet
    "outcome.unknown_choice": "That is not a way in which a visit ends.",
    "why.missing": "This reason needs a few words: press W.",
    "why.too_long": "That is over 2,000 characters. Keep what matters.",
    "came_of_it.missing": "Say in a few words what came of it.",
    "came_of_it.too_long": "That is over 2,000 characters. Keep what matters.",
    "began.nobody_was_there": "Nobody was there, so there is no time to write down.",
    "began.on_another_day": "That time is not on the day of the visit.",
    "began.in_the_future": "That time is still to come.",
    "ended.ends_before_it_starts": "It ends before it begins.",
    "ended.too_long": "That would be longer than twelve hours.",
    "ended.in_the_future": "It would end later than now.",
    # a case of nobody found
    "refused.no_access": "Not done.",
    "step_taken": "{name} is doing “{step}” since {since}. Take it over if they cannot.",
    "step_taken_unseen": "A colleague is doing that step. Take it over if they cannot.",
    "step_done": "{name} did “{step}” at {at}.",
    "case_is_ended": "The case has ended. Open it again first.",
    "steps_are_open": "There are steps that are not done. This ending is for when everything has been tried.",
    "ending.steps_are_open": "This ending is for a case in which every step has been done.",
    "ending.unknown_choice": "Choose how it ended.",
    "not_taken_back": "The visit still says that nobody was found. Open it again, or say where the person is.",
    "done_at.in_the_future": "That time is still to come.",
    "conflict.no_access": "A colleague changed that case a moment ago. It is shown as it stands now: look again.",
    "not_found.no_access": "That case is not there any more, or its person does not share it with you.",
    "not_allowed.no_access_case": "Only team leads and co-ordinators work on these cases. You can read them.",
    "not_allowed.no_access_step": "Only team leads and co-ordinators work on these cases. You can read them.",
    "not_allowed.visit_outcome": "Your role does not say how visits ended. Ask the team lead.",
}

OUTCOMES = {
    "done": "Done",
    "no_access": "No access",
    "declined": "Declined",
    "cancelled": "Cancelled",
    "missed": "Missed",
    "moved": "Moved",
    "planned": "Not entered",
}
WHO = {"worker": "Worker", "coordinator": "Co-ordinator", "team_lead": "Team lead"}
