"""Words for what can go wrong with a care plan."""

SENTENCES = {
    "words.required": "Write what the person wants, in their own words.",
    "what.required": "Write what is to be done.",
    "lead_worker.not_a_colleague": "There is no such colleague. Choose one from the list.",
    "days.out_of_range": "From 1 to 42 days.",
    "refused.activate_plan": "The plan can't be activated yet.",
    "refused.update_plan": "An active plan keeps its lead worker and its review date.",
    "plan_needs_outcome": "It needs an outcome: what does the person want?",
    "plan_needs_action": "It needs an action: who does what?",
    "plan_needs_lead_worker": "It needs a lead worker.",
    "plan_needs_review_on": "It needs a review date.",
    "plan_review_is_past": "The review date, {review_on}, is past.",
    "plan.ended->changed": "This plan has ended. Begin a new one to change anything.",
    "plan.active->active": "This plan is active already.",
    "plan.ended->active": "This plan has ended. Begin a new one.",
    "plan.ended->ended": "This plan has ended already.",
    "conflict.plan": "Somebody changed the plan while you had it open. Both versions are shown; choose one.",
    "conflict.outcome": "Somebody changed this outcome while you had it open. Both versions are shown; choose one.",
    "conflict.action": "Somebody changed this action while you had it open. Both versions are shown; choose one.",
    "not_found.plan": "That plan is not there, or the person does not share it with your team.",
    "not_found.outcome": "Somebody has taken that outcome off the plan.",
    "not_found.action": "Somebody has taken that action off the plan.",
    "not_found.suggestion": "The assessment does not say that any more.",
    "not_allowed.care_plan": "Your role may read care plans, and not write them.",
    "not_allowed.plan_outcome": "Your role may read care plans, and not write them.",
    "not_allowed.plan_action": "Your role may read care plans, and not write them.",
    "care_plan_one_a_person": "This person has a plan already: there is never more than one.",
}

# What is still needed, in as many words as a link.
NEEDED = {
    "plan_needs_outcome": "an outcome",
    "plan_needs_action": "an action",
    "plan_needs_lead_worker": "a lead worker",
    "plan_needs_review_on": "a review date",
    "plan_review_is_past": "a review date that lies ahead",
}

PLACES = {
    "what_matters": "What matters to me",
    "strengths": "What I do well, and who is around me",
    "carers_part": "What my carers do",
    "self_care": "What I do for myself",
    "funding": "How it is paid for",
}

STATES = {"to_do": "To do", "under_way": "Under way", "done": "Done", "dropped": "Dropped"}
STATE_LOOKS = {
    "to_do": ("circle", "text-quiet"),
    "under_way": ("circle-half", "accent"),
    "done": ("check-circle-fill", "tone:ok"),
    "dropped": ("x", "text-quiet"),
}
