"""The small parts of the supervisor, on inputs that nobody meant."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.embedded.probe import Answer, knock
from db.embedded.process import living


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.one_of(st.integers(-5, 10**6), st.integers(), st.floats()), max_size=9).map(
            lambda numbers: "\n".join(map(str, numbers)).encode()
        ),
    )
)
def test_a_pid_file_of_any_content_is_read_or_not_but_never_bursts(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "postmaster.pid").write_bytes(content)
    assert living(tmp_path) is None


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"R\xff\xff\xff\xff",
        b"R\0\0\0\x08\0\0\0\0",
        b"E\0\0\0\x06x\0",
        b"R\0\0\0\x05x",
    ],
)
def test_whatever_else_listens_is_not_taken_for_the_cluster(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:

        def reply() -> None:
            line, _ = door.accept()
            with line:
                line.recv(8192)
                line.sendall(answer)

        speaker = threading.Thread(target=reply)
        speaker.start()
        assert knock(door.getsockname()[1], b"\0" * 32) in (Answer.OTHER, Answer.NOBODY)
        speaker.join(10)


def test_nobody_at_home() -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        assert knock(line.getsockname()[1], b"\0" * 32) is Answer.NOBODY
