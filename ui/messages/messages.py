"""What a finding says in words, by ``finding.<code>``; its facts fill the fields.

First what is the matter, then, where there is something to do, what.
"""

from ui.messages.hospital_messages import SENTENCES as HOSPITAL
from ui.messages.inbox_messages import SENTENCES as INBOX

_FILE = {
    "file_too_large": (
        "The file has {size} bytes; {limit} is the most that is taken in. It was not read. Ask the sender for"
        " a smaller one."
    ),
    "file_is_empty": "There is nothing in the file.",
    "file_not_found": "There is no such file.",
    "file_is_folder": "That is a folder, not a file. Choose the files in it.",
    "file_unreadable": "The file cannot be opened. Check that you may read it.",
    "not_stored": "It could not be stored. {why}",
    "format_unsupported": (
        "This is {format}, which is no message. Save e-mails as .eml; what is attached to one comes with it."
    ),
    "format_unknown": "This is neither a BaRS message, a ward's notice, an e-mail (.eml) nor an online form.",
    "json_of_no_known_kind": (
        "The file is JSON, but neither a FHIR message, a ward's notice nor the online form. See docs/importing.md."
    ),
    "unforeseen": (
        "The program met something in this file that it did not expect ({error}). The file is unchanged; "
        "please tell support."
    ),
    "encoding_wrong": (
        "The file says that its letters are in {encoding}, and they are not (from byte {position} on). They "
        "were read as well as can be: check names with accents."
    ),
    "encoding_unknown": "The file names an encoding that is not known here ({encoding}). It was read as UTF-8.",
    "more_findings": "And {count} more, which are not listed.",
}

_BROKEN = {
    "xml_broken": "The XML breaks off or is wrong at line {line}, column {column}. Ask the sender to send it again.",
    "xml_document_type": "The XML begins with a document type, which can be used to do harm. It was not read.",
    "xml_entity": "The XML defines entities of its own, as a bomb does. It was not read. Tell the sender.",
    "xml_external_entity": "The XML wants to fetch something from elsewhere. It was not read. Tell the sender.",
    "xml_forbidden": "The XML uses something that is not allowed here. It was not read.",
    "xml_namespace_foreign": "Parts belong to {namespace}, not to FHIR.",
    "xml_namespace_missing": "The XML does not say that it is FHIR. It was read as if it did.",
    "json_broken": "The JSON breaks off or is wrong at line {line}, column {column}. Ask the sender to send it again.",
    "json_key_repeated": "“{key}” stands here {count} times. The first is used.",
    "json_not_a_number": "{value} is no number. It is not used.",
    "json_list_in_list": "A list within a list, which FHIR does not have. It is not used.",
    "too_deep": "It is nested too deeply to be a real message. It was not read.",
    "too_many_elements": "It has more than {limit} parts, too many for a real message. It was not read.",
}

_TEXT = {
    "characters_replaced": (
        "Characters that cannot be kept were replaced by “\ufffd” ({count}). They are in the original."
    ),
    "direction_marks_removed": "Hidden marks that turn the direction of reading were taken out ({count}).",
    "line_breaks_repaired": "The sender writes line breaks as “/n” or “\\n”; they are shown as line breaks.",
    "text_shortened": "The text has {length} characters. The first {limit} are shown; all of it is in the original.",
}

_PERSON = {
    "nhs_number_missing": "No NHS number was sent.",
    "nhs_number_several": "{count} different NHS numbers were sent. None is used.",
    "nhs_number_check_digit_fails": "{value} has a wrong digit in it, so it is not used. Ask the sender.",
    "nhs_number_needs_ten_digits": "{value} has not ten digits, so it is not used. Ask the sender.",
    "nhs_number_not_verified": "The sender has not verified the NHS number ({status}).",
    "nhs_number_of_another": (
        "Somebody with another name and another date of birth has this NHS number here. Nobody was chosen: "
        "find out who is meant before you call."
    ),
    "name_missing": "No surname was sent.",
    "name_in_one_line": "The name came in one piece: {value}. Surname and given name are for you to tell.",
    "birth_date_missing": "No date of birth was sent.",
    "birth_date_impossible": "{value} is no date, so it is not used.",
    "birth_date_incomplete": "{value} is not a whole date, so it is not used.",
    "birth_date_in_future": "{value} is still to come, so it is not used.",
    "birth_date_too_long_ago": "{value} is too long ago, so it is not used.",
    "birth_date_differs": "The date of birth is another one than on the person's record. The NHS number is theirs.",
    "surname_differs": "The surname is another one than on the person's record. The NHS number is theirs.",
    "date_impossible": "{value} is no date, so it is not used.",
    "date_incomplete": "{value} is not a whole date, so it is not used.",
    "gender_unknown": "“{value}” is not one of female, male, other, unknown.",
    "postcode_not_a_postcode": "“{value}” has not the form of a postcode, so it is not used.",
    "postcode_unknown": "The city's list of postcodes does not have {value}: it may be new, or lie outside the city.",
    "phone_too_short": "{value} is too short to be a telephone number.",
    "person_missing": "It does not say whom it is about.",
    "person_not_identified": (
        "It does not identify the person. {count} who may be meant are listed; choose when you are sure."
    ),
    "person_not_registered": (
        "Nobody here has this NHS number. Choose the person if they are known under another, or register them."
    ),
    "patient_missing": "No Patient was sent.",
    "patients_several": "It holds {count} people and does not say which one is meant.",
    "safeguarding_concern": "The sender reports a safeguarding concern. It must not wait in a queue: act on it now.",
    "mentions_safeguarding": "The text speaks of safeguarding. Read it now and decide.",
    "consent_refused": "The person has not agreed to this. Read it before you call them.",
    "flag_past_but_active": "“{flag}” ended on {value}, and is still marked active. It is shown.",
    "flag_withdrawn": "“{flag}” was entered in error by the sender. It is not shown as an alert.",
}

_BARS = {
    "not_fhir": "The XML is not FHIR: it begins with {root}.",
    "not_a_message": (
        "This is no message: it holds only a {resource}. Ask the sender for the referral that it belongs to."
    ),
    "bundle_is_empty": "The bundle is empty.",
    "bundle_is_not_message": "The bundle is of type {value}, where a message is expected.",
    "header_missing": "There is no MessageHeader, so it does not say what it is for. It was read as a request.",
    "event_unknown": "The event “{value}” is not one of BaRS.",
    "reason_unknown": "The reason “{value}” is not one of new, update, delete.",
    "focus_missing": "The header points to {value}, which is not in the message.",
    "focus_of_wrong_kind": "The header points to a {value}, where a {wanted} is expected.",
    "sender_missing": "The sending organisation is not in the message.",
    "definition_unknown": "The definition is not one of BaRS: {value}. What the message must hold was not checked.",
    "intent_is_not_plan": "The intent is “{value}”, where BaRS has “plan”.",
    "cancel_with_wrong_reason": (
        "It cancels a request, but its reason is “{value}” and not “update”. It was read as a cancel."
    ),
    "cancel_with_wrong_status": "It is sent as a cancel, but the request is “{value}”. Ask the sender what is meant.",
    "request_is_not_active": "The request is “{value}”, not active. Ask the sender whether it still stands.",
    "request_missing": "Nothing is asked for. It holds: {holds}.",
    "requests_several": "It holds {count} requests and does not say which one it is about.",
    "too_few": "{count} {resource}, where at least {wanted} must be.",
    "too_many": "{count} {resource}, where at most {wanted} may be.",
    "reference_dangling": "It points to {value}, which is not in the message.",
    "subject_not_in_file": "It is about {value}, who is not in this file.",
    "code_unknown": "The code “{value}” is not known here. It is shown as it was sent.",
    "window_is_empty": "It is wanted by {value}, which is when it was asked for. That was not taken as its urgency.",
    "need_missing": "No reason was sent. Ask the sender.",
    "needs_emergency_response": (
        "{value}: this wants an emergency response, which the centre does not give. Call the sender at once."
    ),
    "notes_left_out": "{count} further parts are not shown. They are in the original.",
    "attachment_not_base64": "The attached file cannot be unpacked. It stands in the original as it was sent.",
    "attachment_not_fetched": "A file lies elsewhere ({value}). Nothing is fetched from a message.",
    "time_impossible": "{value} is no time, so it is not used.",
    "time_without_zone": "{value} has no time zone. It was read as London's.",
    "sent_long_ago": "It was sent {days} days ago. Things may have changed.",
}

_MAIL = {
    "mail_without_headers": "The file is called an e-mail, but has no header lines.",
    "mail_headers_too_long": "The e-mail has more than {limit} bytes of header lines. It was not read.",
    "mail_has_too_many_parts": "The e-mail has more than {limit} parts, too many for a real one. It was not read.",
    "mail_without_sender": "The e-mail does not say who sent it.",
    "mail_without_date": "The e-mail does not say when it was sent.",
    "mail_without_words": "The e-mail has no words of its own.",
    "mail_is_empty": "There is nothing in the e-mail: no subject, no text, no file.",
    "mail_only_html": "The e-mail is a web page; its words are shown. Pictures and links were not fetched.",
    "mail_words_from_forwarded": "The words are those of the e-mail that was forwarded.",
    "mail_charset_wrong": "The letters are not in {charset}, as the e-mail says. They were read as well as can be.",
    "mail_parts_left_out": "The e-mail has more than {limit} parts. The rest is in the original.",
    "attachment_may_be_message": "The attached file {value} may be a message itself. Save it and import it.",
}

_FORM = {
    "form_without_need": "The form does not say what is wanted.",
    "field_missing": "This is needed, and was not sent.",
    "field_of_wrong_type": "This should be of type {wanted}. It is kept with the message and not used.",
    "field_not_a_choice": "“{value}” is not one of: {choices}. It is not used.",
    "field_too_long": "This is longer than {limit}. It was shortened.",
    "field_empty": "This is empty.",
    "field_wrong": "This is not as the form has it ({rule}). It is kept with the message and not used.",
    "field_unknown": "The form has no such field. It is kept with the message.",
}

_SETTLED = {
    "earlier_not_found": "It speaks of something that was sent before, which is not here.",
    "earlier_without_referral": "It speaks of a message that is here and has no referral.",
    "earlier_closed": "It speaks of referral {number}, which is closed. Look whether it must be opened again.",
    "earlier_of_another": "It speaks of referral {number}, which is about somebody else. Find out who is meant.",
    "same_id_other_content": "It has the same id as a message that is here, and says something else. Compare the two.",
    "cancelled_before_it_came": "A cancel of this request is here already. Ask the sender whether it still stands.",
    "contact_left_open": "It asks for nothing by itself. The contact is open: read it and end it.",
}

SENTENCES = (
    INBOX
    | HOSPITAL
    | {
        f"finding.{code}": words
        for group in (_FILE, _BROKEN, _TEXT, _PERSON, _BARS, _MAIL, _FORM, _SETTLED)
        for code, words in group.items()
    }
    | {
        "conflict.messages": "Somebody has said in the meantime whom this is about. It is shown as it now stands.",
        "not_found.messages": "That message is not there any more, or you may not see it.",
    }
)
