"""The National Grid to degrees: Ordnance Survey's own formulas, and a shift of datum that is right to about 5 m."""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan

# Airy 1830 and the projection of the National Grid ("A guide to coordinate systems in Great Britain", OS).
_AIRY = (6_377_563.396, 6_356_256.909)
_WGS84 = (6_378_137.0, 6_356_752.3142)
_SCALE = 0.9996012717
_LAT0, _LON0 = radians(49), radians(-2)
_NORTH0, _EAST0 = -100_000.0, 400_000.0
# OSGB36 to WGS84: metres, parts per million, seconds of arc.
_SHIFT = (446.448, -125.157, 542.060)
_PPM = -20.4894
_TURN = (0.1502, 0.2470, 0.8421)


def to_degrees(easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude (WGS84) of a point on the National Grid, given in metres."""
    return _to_wgs84(*_unproject(easting, northing))


def _unproject(easting: float, northing: float) -> tuple[float, float]:
    """To latitude and longitude on Airy's ellipsoid, in radians."""
    a, b = _AIRY
    e2 = 1 - (b * b) / (a * a)
    lat = _LAT0
    meridian = 0.0
    while northing - _NORTH0 - meridian >= 0.00001:
        lat += (northing - _NORTH0 - meridian) / (a * _SCALE)
        meridian = _meridian(lat)
    sine = sin(lat)
    nu = a * _SCALE / sqrt(1 - e2 * sine**2)
    rho = a * _SCALE * (1 - e2) / (1 - e2 * sine**2) ** 1.5
    eta2 = nu / rho - 1
    t, sec = tan(lat), 1 / cos(lat)
    d = easting - _EAST0
    vii = t / (2 * rho * nu)
    viii = t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
    ix = t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    x = sec / nu
    xi = sec / (6 * nu**3) * (nu / rho + 2 * t**2)
    xii = sec / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4)
    xiia = sec / (5040 * nu**7) * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    latitude = lat - vii * d**2 + viii * d**4 - ix * d**6
    return latitude, _LON0 + x * d - xi * d**3 + xii * d**5 - xiia * d**7


def _meridian(lat: float) -> float:
    a, b = _AIRY
    n = (a - b) / (a + b)
    less, more = lat - _LAT0, lat + _LAT0
    return b * _SCALE * (
        (1 + n + 1.25 * n**2 + 1.25 * n**3) * less
        - (3 * n + 3 * n**2 + 2.625 * n**3) * sin(less) * cos(more)
        + (1.875 * n**2 + 1.875 * n**3) * sin(2 * less) * cos(2 * more)
        - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
    )  # fmt: skip


def _to_wgs84(lat: float, lon: float) -> tuple[float, float]:
    a, b = _AIRY
    e2 = 1 - (b * b) / (a * a)
    nu = a / sqrt(1 - e2 * sin(lat) ** 2)
    x, y, z = nu * cos(lat) * cos(lon), nu * cos(lat) * sin(lon), (1 - e2) * nu * sin(lat)
    scale = 1 + _PPM / 1e6
    rx, ry, rz = (radians(turn / 3600) for turn in _TURN)
    x, y, z = (
        _SHIFT[0] + x * scale - y * rz + z * ry,
        _SHIFT[1] + x * rz + y * scale - z * rx,
        _SHIFT[2] - x * ry + y * rx + z * scale,
    )
    a, b = _WGS84
    e2 = 1 - (b * b) / (a * a)
    flat = hypot(x, y)
    found = atan2(z, flat * (1 - e2))
    for _ in range(6):
        found = atan2(z + e2 * a / sqrt(1 - e2 * sin(found) ** 2) * sin(found), flat)
    return degrees(found), degrees(atan2(y, x))
