"""What opening the database can say: by code, see ui/sentences.py."""

_CHOOSE = "Choose another with --data DIR."

SENTENCES = {
    "folder_not_a_folder": "{folder} is a file, not a folder. " + _CHOOSE,
    "folder_no_permission": "This account may not use {folder}. "
    "Ask whoever owns it, or choose another with --data DIR.",
    "folder_read_only": "{folder} cannot be written to. " + _CHOOSE,
    "folder_no_space": "There is no room left where {folder} is. Free some space and try again.",
    "folder_no_locks": "Where {folder} is, files cannot be locked, so two desks could harm each other. " + _CHOOSE,
    "folder_failed": "{folder} cannot be used ({detail}). " + _CHOOSE,
    "folder_damaged": "The database in {folder} is not whole. Nothing was changed. Restore it from a backup.",
    "folder_restore_unfinished": "A backup was being put back into {folder}, and that did not come to its end. "
    "Restore into it again, or remove it.",
    "folder_owned_by_another": "The database in {folder} belongs to {detail}. Sign in to this computer as {detail}.",
    "folder_owned_by_root": "The database in {folder} belongs to root, and a server must not run as root. "
    "Give the folder to another account with chown.",
    "folder_in_use_elsewhere": "{folder} is in use on {detail}. Close the program there first.",
    "folder_parents_closed": "The server runs as another account than root and cannot reach {folder}. " + _CHOOSE,
    "folder_no_account": "A server must not run as root, and there is no other account here to run it as.",
    "folder_programs_closed": "There is no place from which the server's programs can be run as another "
    "account than root.",
    "folder_busy": "Another start has held {folder} for minutes. Close it and try again.",
    "server_wont_start": "The database server did not start. The reason stands at the end of {log}.",
    "owner_unknown": "This has to be done as the owner, and other windows use the database ({others}). "
    "Close them and try again.",
    "cluster_too_old": "This database was made by PostgreSQL {found}; this program brings {needed}. "
    "Take a dump with the older program and restore it with this one.",
    "cluster_too_new": "This database was made by PostgreSQL {found}; this program brings {needed}. "
    "Install the newer program.",
    "programs_missing": "The database's programs are not installed whole ({program}). Run start.py again.",
    "schema_behind": "The database is older than this program ({database}, needed {program}). "
    "Nothing is written to it. "
    "Its owner brings it up to date with: centre admin migrate",
    "schema_ahead": "The database is newer than this program ({database}, known {program}). Nothing is written to it. "
    "Install the newer program on this computer.",
    "backup_file_exists": "There is a file of that name already. Choose another, so that no backup is written over.",
    "database_not_empty": "There is a database in that place already. A backup is restored into a new data folder, "
    "or an empty database.",
    "database.not_an_address": "That is not an address of a database, such as postgresql://host/name.",
    "database.password_in_address": "A password in the address can be seen by everybody on this computer. "
    "Leave it out; it is asked for.",
    "database.shared_address_needed": "This is for a shared server: name it with --database postgresql://host/name.",
    "database.address_needs_host": "The address needs the name of the server, as it stands in its certificate: "
    "postgresql://centre-db.example/centre.",
    "database.address_not_over_tls": "A shared database is reached over TLS with a verified certificate, and in no "
    "other way. Leave sslmode out; with an authority of your own, name it: ?sslrootcert=/path/to/ca.pem",
    "database.address_says_more": "The address says something that it may not. Server, port, database, user, the "
    "authority (sslrootcert), time-outs and target_session_attrs may stand in it.",
    "database.owner_of_shared_database_not_here": "The owner of a shared database is asked for on the command line.",
}
