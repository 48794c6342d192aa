"""Sentences of settings."""

SENTENCES = {
    "setting_beyond": "That is beyond the limits of this setting.",
    "setting_not_whole": "Write a whole number.",
    "setting_unknown": "This setting has no such part.",
    "conflict.setting": "Somebody changed this setting a moment ago. It is shown as it stands now.",
    "not_found.setting": "There is no such setting.",
    "setting_lock_within_limits": "A desk locks after 1 to 30 minutes. Nothing was changed.",
    "setting_keeps_its_limits": "That is beyond the limits of this setting. Nothing was changed.",
}
