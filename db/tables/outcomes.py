"""What happened at a visit, and the cases of nobody found. Rules and policies: db/migrations."""

from sqlalchemy import Boolean, Column, DateTime, Integer, SmallInteger, Table, Text, Uuid, text

from db.tables import METADATA

_EMPTY, _NO, _ONE = text("''::text"), text("false"), text("1")
_MOMENT = DateTime(timezone=True)

outcome_reason = Table(
    "outcome_reason",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("asks_words", Boolean, nullable=False, server_default=_NO),
    Column("position", SmallInteger, nullable=False),
)

no_access_protocol = Table(
    "no_access_protocol",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hint", Text, nullable=False, server_default=_EMPTY),
    Column("who", Text, nullable=False),
    Column("minutes", SmallInteger, nullable=False),
    Column("minutes_urgent", SmallInteger, nullable=False),
    Column("only_urgent", Boolean, nullable=False, server_default=_NO),
    Column("position", SmallInteger, nullable=False),
)

no_access_ending = Table(
    "no_access_ending",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("needs_all_steps", Boolean, nullable=False, server_default=_NO),
    Column("asks_words", Boolean, nullable=False, server_default=_NO),
    Column("position", SmallInteger, nullable=False),
)

visit_outcome = Table(
    "visit_outcome",
    METADATA,
    Column("visit_id", Uuid, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("words", Text, nullable=False, server_default=_EMPTY),
    Column("began", _MOMENT),
    Column("ended", _MOMENT),
    Column("from_paper", Boolean, nullable=False, server_default=_NO),
    Column("moved_to", Uuid),
    Column("entered_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("entered_at", _MOMENT, nullable=False, server_default=text("now()")),
    Column("revision", Integer, nullable=False, server_default=_ONE),
)

visit_outcome_former = Table(
    "visit_outcome_former",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("visit_id", Uuid, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text),
    Column("words", Text, nullable=False),
    Column("began", _MOMENT),
    Column("ended", _MOMENT),
    Column("from_paper", Boolean, nullable=False),
    Column("moved_to", Uuid),
    Column("entered_by", Text, nullable=False),
    Column("entered_at", _MOMENT, nullable=False),
    Column("replaced_at", _MOMENT, nullable=False, server_default=text("clock_timestamp()")),
    Column("replaced_by", Text, nullable=False, server_default=text("SESSION_USER")),
)

no_access_case = Table(
    "no_access_case",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("visit_id", Uuid, nullable=False),
    Column("since", _MOMENT, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("owner", Text),
    Column("opened_at", _MOMENT, nullable=False, server_default=text("clock_timestamp()")),
    Column("opened_by", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("ending", Text),
    Column("ending_words", Text, nullable=False, server_default=_EMPTY),
    Column("ended_at", _MOMENT),
    Column("ended_by", Text),
    Column("revision", Integer, nullable=False, server_default=_ONE),
)

no_access_step = Table(
    "no_access_step",
    METADATA,
    Column("case_id", Uuid, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("position", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("hint", Text, nullable=False, server_default=_EMPTY),
    Column("who", Text, nullable=False),
    Column("due", _MOMENT, nullable=False),
    Column("owner", Text),
    Column("owner_since", _MOMENT),
    Column("done_at", _MOMENT),
    Column("done_by", Text),
    Column("words", Text, nullable=False, server_default=_EMPTY),
    Column("revision", Integer, nullable=False, server_default=_ONE),
)

no_access_event = Table(
    "no_access_event",
    METADATA,
    Column("id", Uuid, primary_key=True, server_default=text("uuidv7()")),
    Column("case_id", Uuid, nullable=False),
    Column("at", _MOMENT, nullable=False, server_default=text("clock_timestamp()")),
    Column("by_user", Text, nullable=False, server_default=text("SESSION_USER")),
    Column("what", Text, nullable=False),
    Column("step", Text),
    Column("words", Text, nullable=False, server_default=_EMPTY),
)
