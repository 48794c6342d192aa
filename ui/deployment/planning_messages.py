"""What planning says: the parts of a plan in plain words, why a visit moves, what cannot be planned."""

from coordination.deployment.planner.weights import Term

TERMS: dict[Term, tuple[str, str]] = {
    "unplaced": ("Every visit has somebody", "Each open visit counts by its priority; this is never switched off."),
    "critical": ("Time-critical visits on time", "Each minute outside the window of insulin and the like."),
    "late": ("Other visits on time", "Each minute outside their window, or short of the way there."),
    "known": ("A worker the person knows", "Each visit by somebody the person has not met, where they know somebody."),
    "travel": ("Short ways", "Each minute on the way, from and to where the worker begins."),
    "fair": ("Equal shares of the day", "Minutes above an equal share for the time that each is at work."),
    "breaks": ("A break for everybody", "Each worker with over six hours of visits and no 20 minutes between."),
    "local": ("In their neighbourhoods", "Each visit outside the neighbourhoods that a worker covers."),
    "language": ("The person's language", "Each visit by somebody who does not speak it, without an interpreter."),
    "changes": ("What stands, stays", "Each visit that somebody had, and that goes to another worker or time."),
}

SENTENCES = {
    # why a visit changes
    "plan_was_open": "Nobody was going to {person}.",
    "plan_freed": "Nobody can go to {person} as things are.",
    "plan_cannot_go": "{worker} cannot go any more.",
    "plan_in_time": "{minutes} min nearer to its window.",
    "plan_nearer": "{minutes} min less on the way.",
    "plan_makes_room": "Makes room for {person} at {start}.",
    "plan_together": "The day as a whole comes out better with it.",
    # what a plan leaves as it is
    "stays": "The visit to {person} is pinned, over or under way, and stays as it is.",
    "worker_gone": "The worker is not on this board any more.",
    "begins_in_the_past": "The visit to {person} would begin at {start}, which is past.",
    # what cannot be planned
    "plan_longer_than_any_shift": (
        "The visit to {person} takes {minutes} min, and nobody is at work for longer than {longest} min at a stretch."
        " Make two visits of it, or shorten it."
    ),
    "plan_skill_nobody_has": (
        "Nobody at work here has the skill that the visit to {person} needs: {skill}. Ask another team."
    ),
    "plan_nobody_may": (
        "Nobody at work here has all that the visit to {person} asks for together. Its list of workers says what each"
        " lacks."
    ),
    "plan_one_for_two": "Two workers are needed at {person} at once, and only one here may go.",
    "plan_gap_cannot_be": "The gap between the visits to {person} is longer than their windows and shifts allow.",
    "plan_window_past": "The time for {person} has passed ({start}–{end}). Give it another time, or say how it ended.",
    "plan_window_past_placed": (
        "The time for {person} has passed ({start}–{end}). It is planned for {at}, as soon as anybody can come."
    ),
    "plan_nobody_at_work_then": "Nobody who may go is at work when {person} should be visited ({start}–{end}).",
    "plan_no_base": (
        "Nobody has said where {worker}'s day begins. The plan counts no way there and back; the record of the worker"
        " has a place for it."
    ),
    # the smallest change that would place a visit
    "remedy_fits": "{worker} has room for it at {begin}.",
    "remedy_late": "{worker} can begin at {begin}, {minutes} min after its window.",
    "remedy_early": "{worker} can begin at {begin}, {minutes} min before its window.",
    "remedy_shift_other": ("Move {person} from {was} to {at}, inside its window: then {worker} can begin at {begin}."),
    "remedy_swap": "Give {person} at {at} to {helper}: then {worker} can begin at {begin}.",
    "remedy_stretch": (
        "Let {worker} work {start}–{end} that day, {minutes} min longer: then they can begin at {begin}."
    ),
    # what was refused
    "refused.plan": "Not applied.",
    "away_already": "That worker is entered as ill already.",
    "worker.away_already": "That worker is entered as ill already.",
    "hours_changed": "Somebody changed the worker's hours a moment ago. Look again.",
    "conflict.day_plan": "Somebody changed visits of the plan a moment ago.",
    "conflict.weights": "Somebody changed these weights a moment ago. They are shown as they stand now.",
    "not_allowed.planner_weight": "Only a team lead sets what matters in a plan. You can read it, and try it out.",
    "worker.not_at_work": "Nothing is left of that worker's shift.",
    "worker.nothing_left": "That worker has no visit to come.",
    "minutes.out_of_range": "A visit takes 5 minutes to 8 hours.",
}

SHORT = {
    "plan_was_open": "nobody was going",
    "plan_freed": "nobody can go",
    "plan_cannot_go": "{worker} cannot go",
    "plan_in_time": "{minutes} min nearer to its window",
    "plan_nearer": "{minutes} min less on the way",
    "plan_makes_room": "makes room for {person}",
    "plan_together": "better for the day as a whole",
    "stays": "stays as it is",
    "worker_gone": "no longer on this board",
    "begins_in_the_past": "would begin in the past",
    "plan_longer_than_any_shift": "{minutes} min, longer than any shift",
    "plan_skill_nobody_has": "nobody at work has {skill}",
    "plan_nobody_may": "nobody has all that is asked",
    "plan_one_for_two": "needs two, only one may go",
    "plan_gap_cannot_be": "the gap cannot be kept",
    "plan_window_past": "its time has passed, {start}–{end}",
    "plan_window_past_placed": "its time has passed; planned at {at}",
    "plan_nobody_at_work_then": "nobody who may go is at work then",
    "plan_no_base": "nobody has said where the day begins",
    "remedy_fits": "at {begin}",
    "remedy_late": "at {begin}, {minutes} min late",
    "remedy_early": "at {begin}, {minutes} min early",
    "remedy_shift_other": "moves another {minutes} min",
    "remedy_swap": "hands one to {helper}",
    "remedy_stretch": "shift {minutes} min longer",
}
