"""Sentences of the inbox, by code; gathered by ``ui/messages/messages.py``."""

from __future__ import annotations

_TROUBLE = {
    "folder_away": "The folder is not there. If it lies on another computer, that may be off; it is looked for again.",
    "folder_is_file": "That is a file, not a folder. Change the source.",
    "folder_closed": "The folder may not be read by this account. Ask whoever owns it.",
    "mailbox_unreachable": "The mail server does not answer. It is tried again by itself.",
    "mailbox_broke_off": "The line to the mail server broke off. It is tried again by itself.",
    "mailbox_busy": "The mail server is busy. It is tried again by itself.",
    "mailbox_refuses": "The mail server refuses. It is tried again; if it stays so, ask whoever runs it.",
    "mailbox_speaks_nonsense": "What answers is no mail server. Check host and port.",
    "mailbox_certificate": "The mail server's certificate does not hold ({reason}), so no password was sent. "
    "Check the host name, or have its authority installed on this computer.",
    "mailbox_no_tls": "The mail server does not speak TLS there. Check port and security.",
    "mailbox_no_starttls": "The mail server offers no STARTTLS, so no password was sent. Try TLS on port 993.",
    "mailbox_wants_tls": "The mail server takes no password without TLS. Choose TLS or STARTTLS.",
    "mailbox_password_refused": "The mail server refused the user name or the password. It is not tried again by "
    "itself, because that can lock the account. Give the password again.",
    "mailbox_without_password": "No password is known on the computer that reads it. Give it there.",
    "mailbox_folder_missing": "The mailbox has no folder {folder}. Change the source.",
    "given_up": "It is not tried again by itself. See to what is wrong, then choose Look now; on the command line, "
    "--again.",
}

_ITEMS = {
    "file_gone": "It was gone before it could be read. Ask the sender for it.",
    "file_changing": "It changed while it was read. It is read again when it is whole.",
    "file_link_outside": "It is a link that leads out of the folder. Such links are not followed.",
    "mail_gone": "It was deleted from the mailbox before it could be read. Ask who did so, and the sender.",
    "mail_renumbered": "The mailbox has numbered its mails anew. If this one is still there, "
    "it is read under its new number.",
    "mail_too_large": "The mail has {size} bytes; {limit} is the most that is taken in. It was not fetched. "
    "Open it in the mailbox and take the contact by hand.",
    "inbox_stops_reader": "The program stopped {count} times while reading this. Open it elsewhere, take the "
    "contact by hand, and tell support.",
    "inbox_breaks_off": "The line broke off each time this was fetched. Open it in the mailbox.",
    "inbox_database_busy": "The database was busy. It is tried again by itself.",
    "inbox_not_stored": "It could not be stored ({error}). The original is where it was. Take the contact by hand, and "
    "tell support.",
    "inbox_reopened": "Somebody wants it looked at again.",
}

_MAILS = {
    "mail_automatic_answer": "A machine sent this answer by itself: somebody is away, or something was received. "
    "It is kept, and needs nobody.",
    "mail_not_delivered": "Something that was sent from this mailbox did not arrive. Find out what, and reach them "
    "another way.",
    "mail_circular": "This went to a list, or was sent in bulk. If it asks for care after all, take the contact "
    "by hand.",
    "mail_automatic_about_somebody": "A machine or a list sent this, but it is about somebody. It was taken in; "
    "look at it.",
    "mail_encrypted": "The mail is encrypted, so its words cannot be read here. Open it where the key is.",
    "mail_signed": "The mail has a signature, which was not checked.",
    "mail_winmail": "Attachments are packed in winmail.dat, which only Outlook opens. Ask the sender for plain ones.",
    "mail_invitation": "An invitation is attached. Nothing was put into any calendar.",
    "reply_to_open_referral": "It was sent in the thread of referral {number}, which is open. Say whether it "
    "belongs there.",
}

SENTENCES = {f"finding.{code}": words for group in (_TROUBLE, _ITEMS, _MAILS) for code, words in group.items()} | {
    "not_a_whole_path": "Give the whole path, such as /srv/post or \\\\server\\post.",
    "not_a_host": "That is not the name of a computer, such as mail.example.org.",
    "source_kind_stays": "A folder stays a folder. Switch it off and add another source.",
    "plain_reason.too_short": "Without TLS anybody on the way can read the password. Say in ten letters or more why "
    "that is all right here.",
    "every.out_of_range": "Between 10 seconds and an hour.",
    "inbox_source_named": "Another source has that name.",
    "inbox_source_place": "That place is a source already.",
    "inbox_plain_has_reason": "Without TLS a reason is needed.",
    "conflict.inbox": "Somebody has changed it in the meantime. It is shown as it now stands.",
    "not_found.inbox": "That is not there any more.",
    "not_allowed.inbox_source": "Managers and administrators say where to look.",
    "not_allowed.inbox_state": "Whoever takes contacts reads the inbox; this sign-in does not.",
    "linked_referral.missing": "It speaks of no open referral.",
}
