"""Words for what can go wrong with the shelf of forms. Faults inside a form: ui/assessment/messages.py."""

SENTENCES = {
    "refused.keep_form": "The form was not kept.",
    "form_is_published": (
        "Version {version} of “{title}” is published, and a published version never changes. Make it version {next}, "
        "and read it in again."
    ),
    "refused.withdraw_form": "The form was not withdrawn.",
    "form_is_needed": "{titles} can only be signed after it, and no other version of it is live.",
    "form_published_is_immutable": "A published version never changes. Make the next version.",
    "form_talks_first": "Needs stand before any conversation in it.",
    "form_begins_as_draft": "A form begins as a draft, so that somebody looks at it first.",
    "conflict.form": "Somebody changed this form while you had it open. It is shown as it is now.",
    "not_allowed.form": "Only an administrator reads in, publishes or withdraws forms.",
    "administrators_publish_forms": "Only an administrator reads in, publishes or withdraws forms.",
    "form.draft->withdrawn": "It is a draft: throw it away instead.",
    "form.live->live": "It is live already.",
    "form.withdrawn->withdrawn": "It has been withdrawn already.",
    "form.live->discarded": "It is live; it can be withdrawn, not thrown away.",
    "form.withdrawn->discarded": "It was live once, and stays for the assessments that were begun with it.",
    "form.withdrawn->live": "It has been withdrawn.",
}
