"""Words for what can go wrong with an assessment or a form."""

from __future__ import annotations

from coordination.assessment.faults import Fault
from ui import wording

SENTENCES = {
    # answers
    "half_typed": "What is typed there can't be read as an answer yet.",
    "not_confirmed": "Carried in, and not confirmed yet.",
    "not_an_option": "That is not one of the answers of this form.",
    "not_yes_or_no": "That is neither yes nor no.",
    "not_text": "That is not text.",
    "too_small": "That is less than this form allows.",
    "too_large": "That is more than this form allows.",
    "stands_alone": "That answer says none of the others; take one of them back.",
    "not_a_score": "That is not a score.",
    "tool_missing": "Which tool was used?",
    "tool_unknown": "That tool is not on the list for this question.",
    "tool_version_missing": "Which version of the tool was used?",
    "score_missing": "What was the score?",
    "score_not_whole": "This tool has whole numbers only.",
    "score_too_small": "That is lower than this tool goes.",
    "score_too_large": "That is higher than this tool goes.",
    "scored_by_missing": "Who scored it?",
    "scored_on_missing": "On which day was it scored?",
    "scored_in_future": "That day is still to come.",
    "not_in_form": "This form has no such question in the version that was begun meanwhile.",
    "not_recognised_when_signed": "On {on}, when you signed, you were not recognised as a trusted assessor for it.",
    "assessment_away_signer_is_recognised": "On the day when you signed you were not recognised as a trusted assessor.",
    "assessment_away_not_too_long": "It was signed more than 30 days ago. Look at it, and sign it again.",
    "answer_is_as_it_is_known": "What is known changed at this moment. Open the assessment again.",
    "answer_history_is_append_only": "The history of an answer is kept as it is.",
    "answered_twice": "You and somebody else answered this.",
    "nothing_to_take_back": "There is no answer here yet.",
    "has_unstorable_character": "There is a character in it that cannot be kept. Type that part again.",
    "reason.required": "Say what was wrong; it stands beside the correction.",
    "refused.answer": "That answer was not saved.",
    "assessment_signed": "{by} signed this assessment on {at}. To change it, make a correction.",
    "assessment_signed_is_immutable": "This assessment is signed. To change it, make a correction.",
    "conflict.answer": "Somebody else answered this while you had it open. Both answers are shown; choose one.",
    "conflict.assessment": "An answer changed while you were about to sign. Look at it, and sign again.",
    # signing
    "refused.sign_assessment": "You can't sign this assessment.",
    "conversation_first": (
        "The strengths-based conversation comes first, and none with this person has been signed yet."
    ),
    "assessment_signer_is_recognised": "You are not recognised as a trusted assessor for it today.",
    "assessment_conversation_first": (
        "The strengths-based conversation comes first, and none with this person has been signed yet."
    ),
    "assessment_answers_missing": "An answer that this form needs is missing, or was carried in and not confirmed.",
    "assessment_conversation_missing": "The conversation comes first: a question that must be asked in it is open.",
    "assessment_form_is_live": "That form is not live: it is a draft, or it has been withdrawn.",
    "assessment_signed_by_self": "Everyone signs for themselves.",
    "assessment.signed->signed": "This assessment has been signed already.",
    "assessment.draft->corrected": "It is not signed yet, so it can simply be changed.",
    "assessment.draft->planned": "A plan comes from a signed assessment. This one is a draft.",
    "not_found.assessment": "That assessment is not there, or the person does not share it with your team.",
    "not_found.form": "There is no such form.",
    "not_found.question": "This form has no such question.",
    "not_allowed.assessment": "Your role may read assessments, and not write them.",
    "not_allowed.answer": "Your role may read assessments, and not write them.",
    # forms
    "refused.publish_form": "The form was not published.",
    "form_version_differs": (
        "{file}: version {version} of “{form}” is published with other content, and a published version never changes. "
        "Give the form the next version number."
    ),
}

# Faults of a form definition (docs/forms.md), with the facts of the fault.
FAULTS = {
    "unreadable": "The file can't be read as UTF-8 text.",
    "not_toml": "This is not TOML.",
    "key_missing": "“{key}” is missing.",
    "key_unknown": "“{key}” is not a word that forms know here.",
    "key_of_wrong_type": "“{key}” must be {wanted}.",
    "key_empty": "“{key}” is empty.",
    "not_a_table": "This must be a table.",
    "id_malformed": "The id “{id}” must begin with a small letter and hold only small letters, digits, - and _.",
    "version_below_one": "Versions count from 1.",
    "version_too_high": "That version number is too high.",
    "beyond_reading": "This is nested too deeply, or holds a number too long, to be read.",
    "has_unstorable_character": "“{key}” holds a character that cannot be kept.",
    "number_without_end": "“{key}” must be an ordinary number.",
    "section_twice": "There are two sections “{id}”.",
    "question_twice": "There are two questions “{id}”.",
    "score_twice": "There are two scores “{id}”.",
    "option_twice": "There are two options “{id}”.",
    "word_unknown": "“{value}” is no {key} that forms know. They know: {known}.",
    "place_unknown": "“{value}” is no {key} that forms know; docs/forms.md lists them.",
    "options_missing": "A question to choose from needs options.",
    "options_not_here": "A question of type {type} has no options.",
    "only_for_numbers": "“{key}” is for numbers only.",
    "minimum_above_maximum": "The minimum is above the maximum.",
    "points_missing": "Each option of a score item needs points.",
    "points_not_here": "Only score items have points.",
    "points_below_zero": "Points are below 0 only for the level of a goal.",
    "alone_not_here": "“alone” is for questions of type choices.",
    "tools_not_here": "“tools” is for questions of type external_score.",
    "tool_unknown": "“{id}” is no tool in resources/reference/assessment_tools.toml.",
    "beside_unknown": "It shows the answer to “{question}”, which is not another question of this form.",
    "branch_malformed": "This is no condition: write question with equals or in, or any, or all.",
    "branch_unknown_question": "It asks for the question “{question}”, which is not in this form.",
    "branch_value_impossible": "“{question}” can never be answered {value!r}.",
    "branch_on_words": "“{question}” is answered in words; a condition needs something to choose.",
    "branch_looks_ahead": "It asks for “{question}”, which comes later. A condition only looks back.",
    "branch_cycle": "It depends on “{question}”, which depends on it.",
    "score_item_twice": "“{item}” counts twice.",
    "score_unknown_item": "It counts “{item}”, which is not in this form.",
    "score_over_non_score": "It counts “{item}”, which is of type {type} and has no points.",
    "key_of_other_kind": "“{key}” does not belong to a score of kind {kind}.",
    "range_backwards": "The range ends before it begins.",
    "range_outside": "The total is never outside {least} to {most}.",
    "range_overlaps": "This range begins before the one above it ends.",
    "goal_words_no_text": "“{question}” must be a question of type text or long_text: the goal in words.",
    "goal_part_no_score": "“{question}” must be a question of type score.",
    "goal_level_points": "The levels of a goal have points from -2 to 2; “{question}” has others.",
    "goal_weight_points": "A weight is 1 or more; “{question}” has less.",
    "goals_weighted_unlike": "Either every goal has importance and difficulty in the same way, or none has.",
    "goal_question_twice": "“{question}” belongs to two goals.",
    "change_from_nothing": "“real_change” needs “change_from”: from what has it changed?",
    "change_from_unknown": "There is no form “{form}” to change from.",
    "change_from_unlike": "“{form}” does not ask all of these questions with the same options and points.",
    "real_change_below_zero": "“real_change” is below 0.",
    "score_out_of_wrong": "It says out of {out_of}, but the points add up to {most}.",
    "action_says_nothing": "It goes on the plan as an action, and no option says which action.",
    "no_words_for_plan": "An answer of type {type} has no words for the plan.",
    "needs_before_conversation": (
        "Needs stand before any conversation. Begin with a section of kind conversation that has a required question, "
        "or name the form that comes first in “after”."
    ),
    "version_twice": "Version {version} of “{id}” is there twice.",
    "after_unknown": "There is no form “{id}” to come after.",
}


_TYPES = {
    "text": "words in quotes",
    "whole": "a whole number",
    "true_or_false": "true or false",
    "list": "a list in square brackets",
    "texts": "a list of words in quotes",
    "table": "a table in curly brackets",
    "number": "a number",
}


def fault_sentence(fault: Fault) -> str:
    """``There are two questions “x”.``"""
    facts = dict(fault.facts)
    facts["wanted"] = _TYPES.get(facts.get("wanted", ""), "")
    return FAULTS.get(fault.code, wording.words(fault.code)).format_map(facts)


def fault_words(fault: Fault) -> str:
    """``strengths.toml, line 12, section 1, question 3: There are two questions “x”.``"""
    return f"{fault.file}, line {fault.line}, {fault.place}: {fault_sentence(fault)}"
