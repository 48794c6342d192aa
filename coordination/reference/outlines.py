"""Ward boundaries: GeoJSON, whatever year's names its properties have (WD13CD, WD22CD …)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from coordination.reference.model import Finding, Outline, Register, WrongFile

Ring = Sequence[Sequence[float]]
_MOST_POINTS = 200_000  # of one ward


def read(parsed: object) -> Register:
    """Every ward of the file. Raises WrongFile when it is no collection of wards."""
    features = parsed.get("features") if isinstance(parsed, dict) else None
    if not isinstance(features, list):
        raise WrongFile("not_recognised")
    names = next((_names(f["properties"]) for f in features if _has_properties(f)), None)
    if names is None:
        raise WrongFile("not_recognised" if features else "empty")
    found: dict[str, Outline] = {}
    findings: list[Finding] = []
    for number, feature in enumerate(features, start=1):
        problem, outline = _outline(feature, names)
        if outline is not None and outline.code in found:
            problem, outline = "twice_in_the_file", None
        if outline is None:
            findings.append(Finding(number, problem, refused=True))
        else:
            found[outline.code] = outline
    if not found:
        raise WrongFile("mostly_refused", (("refused", len(findings)),))
    return Register("ward_outlines", tuple(found.values()), tuple(findings))


def _has_properties(feature: Any) -> bool:
    return isinstance(feature, dict) and isinstance(feature.get("properties"), dict)


def _names(properties: Mapping[str, Any]) -> tuple[str, str] | None:
    """The properties that hold code and name."""
    code = next((k for k in properties if re.fullmatch(r"(?i)wd\d\dcd|ward_?code|wd_?cd", k)), None)
    name = next((k for k in properties if re.fullmatch(r"(?i)wd\d\dnm|ward_?name|wd_?nm", k)), None)
    return (code, name or code) if code else None


def _outline(feature: Any, names: tuple[str, str]) -> tuple[str, Outline | None]:
    if not _has_properties(feature):
        return "not_a_feature", None
    code, name = (feature["properties"].get(key) for key in names)
    if not isinstance(code, str) or not re.fullmatch(r"[A-Z]\d{8}", code):
        return "not_a_ward_code", None
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return "not_an_area", None
    problem = _problem(geometry)
    if problem:
        return problem, None
    return "", Outline(code, str(name or code), _kept(geometry))


def _kept(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """Two numbers a point, and nothing else that may hang on it (heights, texts, NaN)."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    plain = [[[[p[0], p[1]] for p in ring] for ring in polygon] for polygon in polygons]
    return {"type": geometry["type"], "coordinates": plain[0] if geometry["type"] == "Polygon" else plain}


def _problem(geometry: Mapping[str, Any]) -> str | None:
    try:
        points = [point for ring in rings(geometry) for point in ring]
        if not points or len(points) > _MOST_POINTS or any(len(ring) < 4 for ring in rings(geometry)):
            return "not_an_area"
        if any(isinstance(value, bool) or not isinstance(value, int | float) for p in points for value in p[:2]):
            return "not_a_position"
        if not all(-9 < p[0] < 2 and 49 < p[1] < 61 for p in points):
            return "not_in_degrees"
    except (TypeError, IndexError, KeyError):
        return "not_an_area"
    return None


def rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    """Every ring, outer and inner."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        yield from polygon


def inside(geometry: Mapping[str, Any], lat: float, lon: float) -> bool:
    """Whether a point lies in the area: a ray to the east crosses its rings an odd number of times."""
    odd = False
    for ring in rings(geometry):
        for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
            if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd


class Locator:
    """Finds the ward of a point. Wards without an outline find nothing."""

    def __init__(self, outlines: Mapping[str, Mapping[str, Any]]) -> None:
        """``outlines``: geometry by ward code."""
        self._boxed = [(_box(geometry), code, geometry) for code, geometry in outlines.items()]

    def ward_at(self, lat: float, lon: float) -> str | None:
        for (west, south, east, north), code, geometry in self._boxed:
            if west <= lon <= east and south <= lat <= north and inside(geometry, lat, lon):
                return code
        return None


def _box(geometry: Mapping[str, Any]) -> tuple[float, float, float, float]:
    points = [point for ring in rings(geometry) for point in ring]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)
