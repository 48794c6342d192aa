"""What governance says: by code, see ui/sentences.py."""

SENTENCES = {
    "refused.review_emergency": "Not written down.",
    "emergency_own_review": "Nobody reviews their own emergency access. Ask another information-governance lead.",
    "note.emergency_note_missing": "Say what was wrong, or what is to be done.",
    "told_why.emergency_why_not_told": "Say why the person is not told.",
    "conflict.emergency": "Somebody reviewed this one meanwhile. It stands here as they left it.",
    "not_allowed.emergency_review": "Emergency access is reviewed by the information-governance lead.",
}
