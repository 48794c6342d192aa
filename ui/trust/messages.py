"""What trust and relying on it say: by code, see ui/sentences.py."""

SENTENCES = {
    # why somebody may not sign: what is missing, since when, whom to ask
    "assessor_not_recognised": (
        "You are not recognised as a trusted assessor for it. What you wrote is saved; a trusted assessor can sign it. "
        "Whom to ask: {ask}."
    ),
    "form_not_in_agreement": "“{subject}” is not among the forms of the agreement “{agreement}”. Whom to ask: {ask}.",
    "form_not_in_scope": (
        "“{subject}” is outside the scope for which you are recognised since {since} under “{agreement}”. "
        "Whom to ask: {ask}."
    ),
    "agreement_ended": "The agreement “{agreement}” ended on {since}. Whom to ask: {ask}.",
    "agreement_not_begun": "The agreement “{agreement}” begins on {since}. Whom to ask: {ask}.",
    "recognition_ended": "Your recognition under “{agreement}” ended on {since}. Whom to ask to renew it: {ask}.",
    "recognition_not_begun": "Your recognition under “{agreement}” begins on {since}. Whom to ask: {ask}.",
    "competency_missing": (
        "The competency “{subject}” is not on record for you; “{agreement}” asks for it since {since}. "
        "Whom to ask: {ask}."
    ),
    "competency_not_begun": "Your competency “{subject}” holds from {since} only. Whom to ask: {ask}.",
    "competency_expired": (
        "Your competency “{subject}”, which “{agreement}” asks for, ran out on {since}. Whom to ask: {ask}."
    ),
    "refused.sign_answer": "You can't sign this answer.",
    # agreements, assessors, competencies
    "starts_on.required": "From which day?",
    "review_on.required": "When will both sides look at it again?",
    "review_on.before_start": "The review comes after the beginning.",
    "if_flawed.required": "Say what happens when a receiver finds an assessment flawed.",
    "contact.required": "To whom do challenges go? Choose somebody, or write how to reach them.",
    "last.required": "Until which day?",
    "last.before_start": "That is before it begins.",
    "forms.required": "Choose at least one form, or all of them.",
    "services.required": "Choose at least one service, or all of them.",
    "evidence.too_long": "Keep it to 400 characters: what was seen, and where it is kept.",
    "trust_agreement_name": "There is an agreement of that name. Give this one another.",
    "refused.take_back": "That can't be taken back.",
    "relied_on": "Something was signed or recognised on the strength of it. End it instead, so that it stays known.",
    "conflict.trust_agreement": "A colleague changed this agreement a moment ago. It is shown as it is now.",
    "conflict.recognition": "A colleague changed this recognition a moment ago. It is shown as it is now.",
    "conflict.competency": "A colleague changed this competency a moment ago. It is shown as it is now.",
    "not_allowed.trust_agreement": "Managers keep the agreements.",
    "not_allowed.recognised_assessor": "Managers recognise assessors, and nobody recognises themselves.",
    "not_allowed.assessor_competency": "Managers record competencies, and nobody their own.",
    # receipts
    "words.required": "Name the one thing.",
    "why.required": "Say what it is needed for.",
    "due_on.required": "By when?",
    "due_on.in_the_past": "That day has passed.",
    "reply.required": "Write the answer.",
    "team.required": "To which team?",
    "refused.rely": "That was not done.",
    "refused.send_assessment": "It was not sent.",
    "refused.unsend_assessment": "It can't be taken back.",
    "receipt_once_a_team": "That team has it already.",
    "receipt_of_signed": "It is not signed yet. Only what is signed can be relied on.",
    "receipt_is_of_latest": "A correction has been signed since; look at that.",
    "receipt_is_for_another_team": "It comes from that team.",
    "receipt_is_shared_with_team": "The person does not share that much with this team. Ask them first.",
    "receipt_is_on_its_way": "The team has looked at it already.",
    "receipt_is_of_another_team": (
        "For that team its team lead decides, or a care co-ordinator of its centre; never who signed it."
    ),
    "not_allowed.receipt_is_of_another_team": (
        "For that team its team lead decides, or a care co-ordinator of its centre; never who signed it."
    ),
    "not_allowed.assessment_receipt": (
        "For that team its team lead decides, or a care co-ordinator of its centre; never who signed it."
    ),
    "not_allowed.receipt_point": "Team leads and care co-ordinators ask and challenge; the assessing side answers.",
    "not_allowed.point_is_answered_by_assessor": "Whoever signed it answers, or a colleague under the same agreement.",
    "point_is_answered_by_assessor": "Whoever signed it answers, or a colleague under the same agreement.",
    "receipt_move_is_legal": "One thing is asked or challenged at a time; this one is not settled yet.",
    "receipt_moved_on": "A colleague was faster. It is shown as it is now.",
    "point_is_settled": "It is settled already.",
    "point_question_is_of_form": "That question is not in this form.",
    "point_due_is_to_come": "That day has passed.",
    "conflict.receipt": "A colleague was faster. It is shown as it is now.",
    "not_found.receipt": "That is not there, or the person does not share it with your team.",
    "receipt->answered": "There is nothing to answer any more.",
    "receipt->challenged": "There is nothing to reopen.",
}
