#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our reader of time zones against Python's: the same files, another program.

Usage: zones_oracle.py PROBE-PROGRAM [all]

For a sample of zones (or all) every transition from 1970 to 2100, one second before, at, and
after it, and the wall clocks around it, both ways; for every zone a few instants of each year.
"""
import bisect
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
NAIVE = datetime(1970, 1, 1)
FROM, TO = 0, 4102444800  # 1970 to 2100
DAY = 86400

# Every kind of oddity: negative daylight saving (Dublin, Casablanca), half hours (Lord Howe), a
# day left out (Apia, Kwajalein), changes at midnight (Santiago, Havana, Cairo, Beirut, Asuncion,
# Sao Paulo, Nuuk, Azores), rules that changed every year (Gaza, Tehran, Istanbul), none at all.
SAMPLE = """Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Juba Africa/Lagos Africa/Tripoli
Africa/Windhoek America/Adak America/Anchorage America/Asuncion America/Argentina/San_Luis
America/Bogota America/Caracas America/Chicago America/Chihuahua America/Denver America/Eirunepe
America/Grand_Turk America/Havana America/Indiana/Knox America/Los_Angeles America/Mexico_City
America/Metlakatla America/Montevideo America/New_York America/Nuuk America/Ojinaga
America/Port-au-Prince America/Punta_Arenas America/Santiago America/Sao_Paulo
America/Scoresbysund America/St_Johns America/Tijuana Antarctica/Casey Antarctica/Macquarie
Antarctica/Troll Antarctica/Vostok Asia/Amman Asia/Beirut Asia/Damascus Asia/Gaza Asia/Hebron
Asia/Istanbul Asia/Jerusalem Asia/Kathmandu Asia/Kolkata Asia/Manila Asia/Novosibirsk
Asia/Pyongyang Asia/Shanghai Asia/Singapore Asia/Tehran Asia/Tokyo Asia/Ulaanbaatar
Atlantic/Azores Atlantic/Stanley Australia/Adelaide Australia/Lord_Howe Australia/Sydney EST
EST5EDT Etc/GMT+12 Etc/GMT-14 Europe/Berlin Europe/Chisinau Europe/Dublin Europe/Istanbul
Europe/Kiev Europe/Lisbon Europe/London Europe/Moscow Europe/Samara Europe/Volgograd Factory
Pacific/Apia Pacific/Auckland Pacific/Bougainville Pacific/Chatham Pacific/Easter Pacific/Fiji
Pacific/Kiritimati Pacific/Kwajalein Pacific/Norfolk UTC""".split()


def at(zone, t):
    return (EPOCH + timedelta(seconds=t)).astimezone(zone)


def offset(zone, t):
    return int(at(zone, t).utcoffset().total_seconds())


def state(zone, t):
    d = at(zone, t)
    return int(d.utcoffset().total_seconds()), int(bool(d.dst())), d.tzname()


def transitions(zone):
    """Instants at which anything changes, by looking every five days and then halving."""
    found, t, have = [], FROM, state(zone, FROM)
    while t < TO:
        nxt = t + 5 * DAY
        while state(zone, nxt) != have:
            low, high = t, nxt
            while high - low > 1:
                mid = (low + high) // 2
                low, high = (mid, high) if state(zone, mid) == have else (low, mid)
            found.append(high)
            t, have = high, state(zone, high)
        t = nxt
    return found


def readings(zone, local, changes):
    """First and last instant of a wall clock; a missing one is where the clock jumped over it."""
    wall = NAIVE + timedelta(seconds=local)
    found = []
    for fold in (0, 1):
        d = wall.replace(tzinfo=zone, fold=fold)
        t = local - int(d.utcoffset().total_seconds())
        if t + offset(zone, t) == local:
            found.append(t)
    if found:
        return min(found), max(found)
    near = bisect.bisect_left(changes, local - 26 * 3600)
    for t in changes[near:]:
        if t - 1 + offset(zone, t - 1) < local <= t + offset(zone, t):
            return t, t
    raise SystemExit(f"no reading of {local} in {zone}")


def probe_utc(zone, t):
    o, dst, abbr = state(zone, t)
    return f"U {t} {o} {dst} {abbr}"


def probes(name, deep):
    zone = ZoneInfo(name)
    for year in range(1970, 2101, 3):
        base = int((datetime(year, 1, 1) - NAIVE).total_seconds())
        for day in (10, 100, 190, 280):
            yield probe_utc(zone, base + day * DAY)
    if not deep:
        return
    changes = transitions(zone)
    for t in changes:
        yield from (probe_utc(zone, t + d) for d in (-1, 0, 1))
        before, after = t + offset(zone, t - 1), t + offset(zone, t)
        for local in (before - 1, before, before + 1, after - 1, after, after + 1,
                      (before + after) // 2):
            first, last = readings(zone, local, changes)
            yield f"L {local} {first} {last}"


def main():
    names = sorted(available_timezones() - {"localtime", "posixrules"})
    deep = set(names if "all" in sys.argv[2:] else SAMPLE)
    child = subprocess.Popen(sys.argv[1], stdin=subprocess.PIPE, text=True)
    count = 0
    for name in names:
        lines = list(probes(name, name in deep))
        count += len(lines)
        child.stdin.write("\n".join([f"Z {name}"] + lines) + "\n")
    child.stdin.write(f"END {count}\n")
    child.stdin.close()
    sys.exit(child.wait())


main()
