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
NO_PHONE = "not recorded"
