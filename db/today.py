"""The centre's day by the server's clock, for statements. A session's own day is that of UTC: in summer, for an hour
after midnight, yesterday."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, literal_column

TODAY: Any = literal_column("(now() at time zone 'Europe/London')::date", Date)
