"""Words for what can be wrong with a visit, or a pattern of visits."""

SENTENCES = {
    "times.missing": "At what time of day? A window such as 8-10, or a fixed time such as 18:00.",
    "times.not_times": "Write times as 8-10, 12-13 (20 min), 18:00: a window, or one time alone for a fixed one.",
    "times.too_many": "No more than twelve times a day.",
    "times.twice": "The same time stands there twice.",
    "times.one_only": "One visit has one time. For several a day, plan visits that recur.",
    "times.ends_before_it_starts": "A window ends before it begins.",
    "times.fixed_outside_hours": "A fixed time is between 07:00 and 22:00: there is no board for the night.",
    "times.outside_hours": "The boards run from 07:00 to 22:00. Keep the window inside.",
    "times.in_the_past": "That window is past already. Choose a later time or another day.",
    "gap.not_a_gap": "Write a length with its unit, such as 4 h, or 4-6 h.",
    "gap.out_of_range": "A gap is at most 15 hours.",
    "gap.most_below_least": "The longest gap is shorter than the shortest.",
    "gap.needs_two_times": "A gap needs two times a day or more.",
    "gap.too_long": "The windows do not allow that: with the first visit as early and the next as late as may be, the "
    "gap is shorter. Widen a window, or ask for a shorter gap.",
    "gap.too_short": "The windows do not allow that: with the first visit as late and the next as early as may be, the "
    "gap is longer. Bring the windows nearer, or allow a longer gap.",
    "gap.not_one_day": "A gap is between two visits to the same person on the same day.",
    "gap.workers_break_it": "The workers of these visits do not keep that gap. Take one of the visits back first.",
    "gap.other_way_round": "These two have a gap already, the other way round.",
    "starts.in_the_past": "The first day is past. Begin today or later.",
    "ends.before_it_starts": "The last day is before the first.",
    "every.weeks_out_of_range": "From 1 to 52.",
    "every.not_a_number": "A whole number, from 1 to 52.",
    "weekdays.missing": "Choose at least one weekday.",
    "day.missing": "On which day?",
    "day.only_this_one": 'Another day is for one visit alone. Choose "This one", or change the pattern\'s days.',
    "minutes.not_a_number": "A whole number of minutes.",
    "access_notes.too_long": "Keep it to 500 characters.",
    "need.over_500": "Keep it to 500 characters: what the worker does there.",
    "team.missing": "Choose the team that goes.",
    "nobody_on_rota": "{team} has nobody on its rota around that day.",
    "longer_than_any_shift": "At {minutes} min it is longer than any shift of {team}, whose longest is {longest} min. "
    "Nobody could take it; two shorter visits could be.",
    "no_worker_has_skill": "Nobody in {team} has the skill {skill}.",
    "too_few_with_skill": "Only one worker in {team} has the skill {skill}, and two are needed.",
    "nobody_of_gender": "{team} has too few {gender} workers for it.",
    "refused.change": "Not changed.",
    "conflict.visit_pattern": "Somebody changed these visits a moment ago. They are shown as they stand now: "
    "look again.",
    "not_found.visit_pattern": "These recurring visits are not there any more, or their person does not share them "
    "with you.",
    "not_allowed.visit_pattern": "Your role does not plan visits. Ask the team lead.",
    "not_allowed.visit_pair": "Your role does not plan visits. Ask the team lead.",
    "visit_has_been": "That visit has an outcome. What has been is not changed.",
}
