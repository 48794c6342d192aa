"""How the embedded server runs. Given on the command line, so that no file in the cluster can say otherwise."""

from __future__ import annotations

MAX_CONNECTIONS = 400  # a room full of desks on one workstation's server; an unused one costs some 20 kB

_RUNNING: dict[str, str | int] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path may not be long, and loopback has no such limit
    "max_connections": MAX_CONNECTIONS,
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",  # pg_basebackup needs it
    "max_wal_senders": 3,
    "jit": "off",
}

_QUIET: dict[str, str | int] = {
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %e ",
    # An ERROR repeats what was typed ('invalid input syntax for type date: "…"'), and a DETAIL holds rows and, when a
    # backend dies, its statement. Errors go to the client that made them; the log keeps what befalls the server.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": 0,
    "log_parameter_max_length_on_error": 0,
    "log_statement": "none",
    "log_min_duration_statement": -1,
    "log_min_duration_sample": -1,
    "log_transaction_sample_rate": 0,
    "log_duration": "off",
    "log_connections": "",
    "log_disconnections": "off",
    "log_checkpoints": "off",
    "log_lock_waits": "off",
    "log_temp_files": -1,
    "log_autovacuum_min_duration": -1,
}

HBA = """\
# The whole list. No trust, no peer, nobody from another machine.
# TYPE  DATABASE     USER          ADDRESS       METHOD
host    all          all           127.0.0.1/32  scram-sha-256
host    replication  centre_owner  127.0.0.1/32  scram-sha-256
"""


def running(port: int) -> list[str]:
    """Arguments of ``postgres`` for a server at ``port``."""
    return _arguments({**_RUNNING, **_QUIET, "port": port})


def quiet() -> list[str]:
    """Arguments of ``postgres --single``: nothing of what is fed to it reaches the log."""
    return _arguments(_QUIET)


def _arguments(settings: dict[str, str | int]) -> list[str]:
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
