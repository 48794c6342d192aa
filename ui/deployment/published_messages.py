"""What is said about publishing: sentences, and the words of what has changed since."""

SENTENCES = {
    "refused.publish": "Not published.",
    "published_meanwhile": "{by} published version {version} at {at}. Yours would be version {next}: look at what has "
    "changed since, then publish again.",
    "published_nothing_changed": "Nothing has changed since {by} published version {version} at {at}.",
    "nothing_placed": "Nobody of {team} has a visit that day yet. Place some first.",
    "day_over": "{day} is over, so there is nobody left to tell.",
}

KINDS = {
    "new": "New",
    "cancelled": "Cancelled",
    "taken_off": "Taken off",
    "moved": "Moved",
    "other_worker": "Other worker",
    "other_words": "Read again",
}
MARKS = {
    "new": ("plus", "accent"),
    "cancelled": ("x", "neutral"),
    "taken_off": ("minus", "neutral"),
    "moved": ("clock", "plum"),
    "other_worker": ("users", "teal"),
    "other_words": ("note", "sand"),
}
NEVER = "Not published yet: a draft"
PUBLISHED = "Published {at} by {by}, version {version}"
SINCE = "{count} since"
NO_CHANGE = "nothing changed since"
EMPTY_DRAFT = "Not published yet. Workers' sheets say DRAFT until the day is published (Ctrl+Shift+P)."
STILL_OPEN = "{what}. Publish all the same?"
DONE = "Version {version} is published: {count} given to workers{open}."
BOARD = "The board now"
