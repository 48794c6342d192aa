"""Sentences about importing registers."""

_NOTHING = "Nothing of it was taken."

SENTENCES = {
    "wrong_file.not_recognised": "This is neither a list of practices (epraccur, 27 columns), nor of postcodes "
    f"(Code-Point Open, or a table that begins with the postcode), nor ward outlines (GeoJSON). {_NOTHING}",
    "wrong_file.empty": f"The file is empty. {_NOTHING}",
    "wrong_file.too_large": "The file has {megabytes} MB, which is more than any of these registers. " + _NOTHING,
    "wrong_file.not_text": f"The file is not text. If it is a ZIP archive, unpack it first. {_NOTHING}",
    "wrong_file.broken_json": f"The file is cut off or damaged: it is not whole JSON. Fetch it again. {_NOTHING}",
    "wrong_file.mostly_refused": "It looks like a register, but most of its rows cannot be read. Is it the right file? "
    + _NOTHING,
    "wrong_file.nothing_for_us": f"There is nothing in it that the centre keeps, such as a GP practice. {_NOTHING}",
    "wrong_file.no_ward_of_the_city": "None of these wards is one of the city's 32 "
    "(resources/reference/places.toml). Outlines of another year have other codes. " + _NOTHING,
    "wrong_file.looks_partial": "{missing} of {known} known entries are missing from this file: it looks like a part "
    "of the register. If that is so, say --part, and nothing retires. " + _NOTHING,
}

KINDS = {"practices": "practices", "postcodes": "postcodes", "ward_outlines": "ward outlines"}

FINDINGS = {
    "wrong_number_of_columns": "has another number of columns than the rest",
    "not_a_practice_code": "has no practice code",
    "twice_in_the_file": "is in the file twice; the first was taken",
    "no_name": "has no name",
    "odd_characters": "has characters that cannot be shown, or far too many; they were left out",
    "unknown_status": "has a status other than active, closed, dormant or proposed",
    "not_a_date": "has a date that is none",
    "not_a_postcode": "has a postcode of the wrong form",
    "practice_not_placed": "is a practice of the city whose postcode is not known: import postcodes first, then this",
    "no_position": "has no position",
    "not_a_position": "has a position that is none",
    "outside_the_country": "lies outside the country",
    "ward_not_known": "is in the city, in a ward that is not known: import ward outlines first, then this",
    "not_a_feature": "is no GeoJSON feature",
    "not_a_ward_code": "has no ward code",
    "not_an_area": "has no area",
    "not_in_degrees": "is not in degrees of longitude and latitude",
}
