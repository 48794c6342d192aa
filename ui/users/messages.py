"""Sentences of users, teams and passwords."""

SENTENCES = {
    "user_name_form": "Small letters, digits, dots and hyphens, beginning with a letter: nadia.hussain.",
    "user_name_reserved": "The database keeps that name for itself. Choose another.",
    "user_name_taken": "There is a login of that name already. Choose another.",
    "team_name_taken": "There is a team of that name already.",
    "team_has_a_name": "A team needs a name of at most 120 letters.",
    "conflict.user": "Somebody changed this login a moment ago. It is shown as it stands now.",
    "conflict.team": "Somebody changed this team a moment ago. It is shown as it stands now.",
    "not_found.user": "There is no such login.",
    "not_found.team": "That team is not there any more.",
    "administrators_add_users": "Only an administrator adds users.",
    "not_allowed.administrators_reset_passwords": "Another administrator resets your password. Your own you change "
    "in the menu of your name, or with Ctrl+K.",
    "not_allowed.administrators_end_sessions": "Only an administrator signs others out.",
    "not_allowed.administrators_change_roles": "An administrator changes the role of others, and not their own.",
    "password_unprintable": "There is a sign in it that cannot be typed at every keyboard. Leave it out.",
    "password_too_long": "That is longer than 128 letters.",
    "password_too_short": "Twelve letters at the least, or three words with blanks between them.",
    "password_same": "That is the password you have.",
    "password_has_name": "Your own name is in it. Whoever tries begins with that.",
    "password_of_centre": "Apart from words of the centre there is too little left. Choose others.",
    "password_guessable": "That is among the first that are tried. Three words that have nothing to do with each "
    "other are harder to guess.",
    "password_differs": "The two are not the same.",
    "password_wrong": "That is not your present password.",
    "verifier_is_scram": "The database did not take the password, because it did not arrive as it should. Try again.",
}
