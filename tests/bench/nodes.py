# SPDX-License-Identifier: Apache-2.0
"""When the second of two nodes knows what the first wrote, and what keeping up costs it.

Every delay is counted from the first node's answer to the writer, as a person sees it who then looks
at the other node.
"""
import copy, http.client, json, os, subprocess, threading, time


class Delays:
    def __init__(self, seconds):
        self.ms = sorted(max(s, 0) * 1000 for s in seconds)

    def at(self, share):
        return self.ms[min(int(len(self.ms) * share), len(self.ms) - 1)]

    def __str__(self):
        return (f"{len(self.ms)} writes: median {self.at(.5):.1f} ms, 99 % {self.at(.99):.1f} ms, "
                f"most {self.ms[-1]:.1f} ms")


class Client:
    """One kept connection to one node."""

    def __init__(self, node, bearer):
        self.c = http.client.HTTPConnection("127.0.0.1", node.port, timeout=60)
        self.headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
        self.used = time.monotonic()

    def ask(self, method, path, body=None):
        if time.monotonic() - self.used > 20:
            self.c.close()  # the server ends what is idle; it is opened again by itself
        self.used = time.monotonic()
        self.c.request(method, path, body and json.dumps(body), self.headers)
        r = self.c.getresponse()
        text = r.read()
        if r.status >= 300:
            raise SystemExit(f"{method} {path}: {r.status} {text[:300]}")
        return json.loads(text)


class Listener(threading.Thread):
    """The stream of events of one node: when each incident was heard to open."""

    def __init__(self, node, token):
        super().__init__(daemon=True)
        self.opened, self.news = {}, threading.Condition()
        c = http.client.HTTPConnection("127.0.0.1", node.port, timeout=600)
        c.request("GET", "/api/v1/stream", headers={"Authorization": f"Bearer {token}"})
        self.stream = c.getresponse()
        self.start()

    def run(self):
        kind = None
        for line in self.stream:
            if line.startswith(b"event: "):
                kind = line.split()[1]
            elif line.startswith(b"data: ") and kind == b"incident.opened":
                at = time.monotonic()
                with self.news:
                    self.opened[json.loads(line[6:])["incident"]] = at
                    self.news.notify_all()

    def heard(self, incident):
        with self.news:
            if not self.news.wait_for(lambda: incident in self.opened, timeout=60):
                raise SystemExit(f"the stream never told of incident {incident}")
            return self.opened.pop(incident)


class Pair:
    """Two nodes on the database of one."""

    def __init__(self, first, token, key):
        self.first, self.second = first, copy.copy(first)
        self.second.serve()
        self.here, self.there = Client(first, token), Client(self.second, token)
        self.sender = Client(first, key)
        self.listener = Listener(self.second, token)
        self.n = 0

    def stop(self):
        self.second.stop()

    def events(self, n):
        """An incident opens here; its first event is heard there."""
        return Delays([self.event() for _ in range(n)])

    def event(self):
        self.n += 1
        time.sleep(self.n * 7 % 41 / 1000)  # at no fixed moment of the other's round
        r = self.sender.ask("POST", "/api/v1/signals", {
            "dedup_key": f"nodes-{self.n}", "severity": "critical", "summary": "x"})
        at = time.monotonic()
        return self.listener.heard(r["results"][0]["incident"]) - at

    def board(self, n):
        """An incident opens here; the list there has it, as often as it is asked."""
        return Delays([self.row() for _ in range(n)])

    def row(self):
        self.n += 1
        r = self.sender.ask("POST", "/api/v1/signals", {
            "dedup_key": f"nodes-{self.n}", "severity": "critical", "summary": "x"})
        at, wanted = time.monotonic(), r["results"][0]["incident"]
        while self.there.ask("GET", "/api/v1/incidents?limit=1")["items"][0]["id"] < wanted:
            pass
        return time.monotonic() - at

    def revisions(self, n):
        """A document changes here; it is read there."""
        return Delays([self.revision(i) for i in range(n)])

    def revision(self, i):
        time.sleep(i * 7 % 41 / 1000)
        r = self.here.ask("PUT", "/api/v1/services/web",
                          {"name": f"Web {i}", "team": "ops", "policy": "ops"})
        at = time.monotonic()
        while self.there.ask("GET", "/api/v1/services/web")["revision"] < r["revision"]:
            pass
        return time.monotonic() - at

    def idle(self, seconds, database):
        """Both only keep up: transactions a second of the server, CPU of a node, of the server."""
        def figures():  # the time last: transactions() itself takes more than a second
            return [transactions(database), self.second.cpu_seconds(), server_cpu(),
                    time.monotonic()]

        before = figures()
        time.sleep(seconds)
        *spent, span = [b - a for a, b in zip(before, figures())]
        return [s / span for s in spent]


def transactions(database):
    return int(subprocess.run(
        ["psql", database, "-XAtc", "SELECT pg_sleep(1.2); SELECT pg_stat_clear_snapshot();"
         "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"],
        capture_output=True, text=True, check=True).stdout.split()[-1])


def server_cpu():
    """Of all processes of PostgreSQL on this machine."""
    total = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = open(f"/proc/{pid}/stat").read()
        except OSError:
            continue
        if "(postgres)" in text:
            fields = text.rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")
