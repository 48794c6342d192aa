"""How a person's name is written where it is listed."""

from __future__ import annotations


def listed(surname: str, given: str = "", title: str = "") -> str:
    """``PANKHURST, Emmeline (Mrs)``, as the NHS Common User Interface guidance writes a name.

    What is missing is left out; without surname and given name it is empty.
    """
    name = ", ".join(part for part in (surname.strip().upper(), given.strip()) if part)
    return f"{name} ({title.strip()})" if name and title.strip() else name
