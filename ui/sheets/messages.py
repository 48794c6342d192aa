"""Words of the printed sheets."""

from ui.deployment.messages import ALERTS, STATES

SENTENCES: dict[str, str] = {
    "sheets.nothing_to_print": "Nobody works and nothing is planned that day, so there is nothing to print.",
}

RISKS = ALERTS
ENDED = STATES
AWAY = {"leave": "On leave", "sickness": "Sick"}
SIGN = ("Done", "No access", "Declined")
SIGN_HERE = "Sign"
FOOT = "Confidential. Hand it back at the end of the shift."
ALONE = "On your own"
NOT_ALONE = "Do not visit alone: ring the centre before you go"
SECOND_MISSING = "Second worker not found yet: ring the centre"
TIME_CRITICAL = "On time!"
FIXED = "Fixed time"
NO_PHONE = "not recorded"

DRAFT = "DRAFT, never published: times and workers may still change."
EDITION = "Published {at} by {by}, version {version}"
AS_PUBLISHED = "nothing changed since"
SINCE = "{visits} changed since, marked with a bar"
NOTHING_CHANGED = "Nothing has changed since it was published."
NO_CHANGES_OF_A_DRAFT = "This day was never published, so there are no changes to print."
NOBODY_WORKS = "Nobody works that day."

# What has changed since the plan was published: one word for the bar in the margin, and what was or is instead.
CHANGED = {
    "new": "New",
    "moved": "Moved",
    "taken_off": "Taken off",
    "other_worker": "Other worker",
    "other_words": "Read again",
    "cancelled": "Cancelled",
}
TAKEN_OFF = "Do not go: {others} goes"
TAKEN_OFF_NOBODY = "Do not go: ring the centre if you are asked for"
CALLED_OFF = "Do not go: {state}"
IN_PLACE_OF = "In place of {others}"
WAS = "was {start}"
