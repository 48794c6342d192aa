"""Reference data in the database: seeded once, edited by either side, and imported each quarter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from coordination.errors import NotAllowed
from coordination.reference import standing
from coordination.reference.files import read_register
from coordination.reference.model import ImportSummary, WrongFile
from db.reference import apply_import, seed
from tests.database import CentreDb
from tests.domain.test_reference_registers import lines, practice_line, raw_line
from tests.shared_data import shared
from ui.cli.reference import import_registers, read_files


def ask(database: CentreDb, query: str) -> list[Any]:
    with database.owner.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def bring(database: CentreDb, content: bytes, user: str = "ada.admin", **options: Any) -> ImportSummary:
    """One file, by somebody with a login of their own, committed."""
    with database.psql(user) as connection, connection.transaction():
        return apply_import(connection, read_register(content), "file.csv", content, **options)


# ---------------------------------------------------------------- seeding


def test_a_prepared_database_holds_the_places(centre_db: CentreDb) -> None:
    found = ask(
        centre_db,
        "select l.code, count(distinct n.id), count(*) from locality l join neighbourhood n on n.locality = l.code"
        " join ward w on w.neighbourhood_id = n.id group by l.code order by l.code",
    )
    assert found == [("central", 4, 11), ("north", 4, 10), ("south", 4, 11)]
    assert ask(centre_db, "select count(*) from service")[0][0] == len(standing.read().services)
    assert ask(centre_db, "select count(*) from skill")[0][0] == len(standing.read().skills)
    assert ask(centre_db, "select count(*) from hospital") == [(3,)]


def test_seeding_again_writes_nothing(centre_db: CentreDb) -> None:
    statements: list[str] = []

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(centre_db.owner, "before_cursor_execute", note)
    with centre_db.owner.begin() as connection:
        seed(connection)
    assert len(statements) == 1 and statements[0].lower().startswith("select")


def test_an_edited_file_is_taken_up_except_where_somebody_changed_the_row(
    centre_db: CentreDb, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = standing.read()
    edited = tuple(
        standing.Service(s.code, f"{s.name} (new)", s.side, s.position) if s.code in ("falls", "int") else s
        for s in before.services
    )
    added = standing.Skill("reiki", "Reiki")
    after = standing.Standing(
        before.localities, before.neighbourhoods, before.wards, edited, (*before.skills, added), before.hospitals
    )
    with centre_db.owner.begin() as connection:
        connection.execute(text("update service set name = 'Our own word' where code = 'int'"))
    monkeypatch.setattr(standing, "read", lambda: after)
    with centre_db.owner.begin() as connection:
        seed(connection)
    names = dict(ask(centre_db, "select code, name from service"))
    assert names["falls"].endswith("(new)")
    assert names["int"] == "Our own word"
    assert ask(centre_db, "select name from skill where code = 'reiki'") == [("Reiki",)]


# ---------------------------------------------------------------- importing


def test_the_three_real_files_by_an_administrator_and_again(centre_db: CentreDb) -> None:
    files = [
        shared("geography/manchester_ccg_14L_epraccur_all.csv"),
        shared("geography/manchester_postcodes_codepoint_open_2014-08.csv"),
        shared("geography/manchester_wards_2013_32wards.geojson"),
    ]
    said: list[str] = []
    read, wrong = read_files(files, said.append)
    assert [r.kind for _, _, r in read] == ["ward_outlines", "postcodes", "practices"]

    def connect() -> Any:
        return centre_db.psql("ada.admin")

    for _ in range(2):
        assert import_registers(read, connect, apply_import, said.append) == wrong == 0
    assert [line.partition(": ")[2] for line in said] == [
        "ward outlines: 0 added, 32 changed, 0 retired, 0 unchanged.",
        "postcodes: 14,040 added, 0 changed, 0 retired, 0 unchanged.",
        "practices: 91 added, 0 changed, 0 retired, 0 unchanged, 48 of no concern here.",
        "ward outlines: 0 added, 0 changed, 0 retired, 32 unchanged.",
        "postcodes: 0 added, 0 changed, 0 retired, 14,040 unchanged.",
        "practices: 0 added, 0 changed, 0 retired, 91 unchanged, 48 of no concern here.",
    ]
    assert ask(centre_db, "select count(*) from practice where active and neighbourhood_id is not null") == [(88,)]
    assert ask(centre_db, "select count(*) from postcode where ward_code is null") == [(0,)]
    noted = ask(centre_db, "select kind, added, imported_by from reference_import order by imported_at, kind")
    assert len(noted) == 6 and {n[2] for n in noted} == {"ada.admin"}


def test_a_retired_postcode_is_kept_and_counted_once(centre_db: CentreDb) -> None:
    bring(centre_db, lines(raw_line("M9 4PA"), raw_line("M9 4PB")))
    assert bring(centre_db, lines(raw_line("M9 4PA"))).retired == 1
    assert bring(centre_db, lines(raw_line("M9 4PA"))).retired == 0
    assert ask(centre_db, "select retired_on is not null from postcode where postcode = 'M9 4PB'") == [(True,)]
    assert bring(centre_db, lines(raw_line("M9 4PA"), raw_line("M9 4PB"))).changed == 1


def test_an_import_leaves_the_training_city_alone(centre_db: CentreDb) -> None:
    with centre_db.owner.begin() as connection:
        connection.execute(
            text("insert into postcode (postcode, lat, lon, invented) values ('M9 1AE', 53.5, -2.2, true)")
        )
        connection.execute(text("insert into practice (code, name, invented) values ('TRN001', 'Invented', true)"))
    bring(centre_db, lines(raw_line("M9 4PA")))
    summary = bring(centre_db, lines(practice_line("P84001")))
    assert (summary.added, summary.retired) == (1, 0)
    assert ask(centre_db, "select retired_on from postcode where invented") == [(None,)]
    assert ask(centre_db, "select active from practice where invented") == [(True,)]


def test_what_does_not_fit_leaves_nothing_behind(centre_db: CentreDb) -> None:
    letters = "ABDEFGHJLN"
    many = [raw_line(f"M9 {digit}{a}{b}") for digit in "45" for a in letters for b in letters]
    bring(centre_db, lines(*many))
    with pytest.raises(WrongFile):
        bring(centre_db, lines(*many[:20]))
    assert ask(centre_db, "select count(*) from postcode where retired_on is null") == [(200,)]
    assert ask(centre_db, "select count(*) from reference_import") == [(1,)]
    assert bring(centre_db, lines(*many[:20]), part=True).unchanged == 20


@pytest.mark.parametrize("user", ["cora.coordinator", "max.manager", "tess.lead"])
def test_nobody_but_an_administrator_imports(centre_db: CentreDb, user: str) -> None:
    with pytest.raises(NotAllowed):
        bring(centre_db, lines(raw_line("M9 4PA")), user)
    assert ask(centre_db, "select count(*) from postcode") == [(0,)]


def test_wrong_files_are_told_and_the_others_taken(centre_db: CentreDb, tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_bytes(lines(raw_line("M9 4PA")))
    (tmp_path / "bad.csv").write_bytes(b"name,address\nX,Y\n")
    (tmp_path / "cut.geojson").write_bytes(b'{"type": "FeatureCollection", "fea')
    said: list[str] = []
    paths = [tmp_path / name for name in ("bad.csv", "cut.geojson", "good.csv")]
    read, wrong = read_files(paths, said.append)
    assert wrong == 2 and [p.name for p, _, _ in read] == ["good.csv"]
    assert "neither a list of practices" in said[0] and "cut off or damaged" in said[1]
    import_registers(read, lambda: centre_db.psql("ada.admin"), apply_import, said.append)
    assert said[2].endswith("postcodes: 1 added, 0 changed, 0 retired, 0 unchanged.")
    assert "import ward outlines first" not in said[2]
