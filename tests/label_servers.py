"""A server on loopback that speaks openFDA's, DailyMed's and the ePI service's interfaces, and can misbehave.

The shapes are those of the published interfaces; drugs, labels and numbers are made up.
"""

from __future__ import annotations

import hashlib
import http.server
import io
import json
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qs, urlencode, urlsplit

__all__ = ["SETS", "Asked", "LabelServer", "Reply", "bundle", "label_servers", "leaflet_number", "release", "spl"]

#: set ids of the labels of "zentralin", newest version of each
SETS = {f"0000000{n}-0000-4000-8000-00000000000{n}": n + 1 for n in range(1, 5)}
UPDATED = "2026-11-20"


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    path: str
    query: dict[str, str]
    headers: Message


@dataclass(frozen=True)
class Reply:
    """An answer; ``cut`` bytes of the body are sent where the connection is to break, after ``stall`` seconds."""

    body: bytes = b""
    status: int = 200
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    stall: float = 0


#: may stand in for the answer to a request
Spoil = Callable[[Asked, Reply], Reply | None]


@dataclass
class LabelServer:
    """``url`` is its address, ``asked`` what was asked so far; ``spoil`` may answer in another way."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    spoil: Spoil = lambda asked, reply: None

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


def spl(set_id: str, version: int) -> bytes:
    """A label as DailyMed has it, in our own words."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<document xmlns="urn:hl7-org:v3"><id root="doc-{version}"/><code code="34391-3" codeSystem="2.16.840.1.113883.6.1"/>
<title>ZENTRALIN tablets</title><effectiveTime value="20260{version}01"/><setId root="{set_id}"/>
<versionNumber value="{version}"/><component><structuredBody><component><section>
<code code="48780-1" codeSystem="2.16.840.1.113883.6.1"/><subject><manufacturedProduct><manufacturedProduct>
<name>Zentra</name><formCode displayName="TABLET"/><ingredient classCode="ACTIB"><ingredientSubstance>
<code code="0ZZ1234567" codeSystem="2.16.840.1.113883.4.9"/><name>ZENTRALIN</name></ingredientSubstance></ingredient>
</manufacturedProduct></manufacturedProduct></subject></section></component><component><section>
<code code="34067-9" codeSystem="2.16.840.1.113883.6.1"/><title>Indications and usage</title>
<text><paragraph>Zentralin tablets are indicated for the treatment of muscle spasms.</paragraph></text>
</section></component><component><section><code code="34084-4" codeSystem="2.16.840.1.113883.6.1"/>
<title>Adverse reactions</title><text><paragraph>The most common side effects of zentralin are:</paragraph>
<list><item>drowsiness</item><item>nausea</item></list></text></section></component></structuredBody></component>
</document>
""".encode()


def record(number: int) -> dict[str, object]:
    """A record as openFDA has it."""
    set_id = list(SETS)[number % len(SETS)]
    return {
        "set_id": set_id, "id": f"doc-{number}", "version": "2", "effective_time": "20260201",
        "indications_and_usage": ["Zentralin tablets are indicated for the treatment of muscle spasms."],
        "adverse_reactions": ["The most common side effects of zentralin are drowsiness and nausea."],
        "openfda": {"generic_name": ["ZENTRALIN"], "brand_name": ["Zentra"], "substance_name": ["ZENTRALIN"]},
    }  # fmt: skip


def leaflet_number(number: int) -> str:
    return f"{number:08x}-aaaa-4bbb-8ccc-{number:012x}"


def bundle(number: int) -> bytes:
    """A leaflet as a FHIR document Bundle; number 20 with the zeros that the EMA's service puts for some words."""
    words = (0, 0, 0) if number == 20 else ("Composition", "final", "en")
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><p>Zentralin is used to treat muscle spasms.</p></div>'
    return json.dumps(
        {
            "resourceType": "Bundle", "id": leaflet_number(number), "type": "document",
            "identifier": {"value": f"EU/9/26/{number:04}/001"},
            "entry": [{"resource": {
                "resourceType": words[0], "status": words[1], "language": words[2], "title": "Zentralin",
                "type": {"coding": [{"code": "100000155538", "display": "Package Leaflet (English)"}]},
                "section": [{"title": "1. What Zentralin is and what it is used for",
                             "text": {"status": "generated", "div": div}}],
            }}],
        }
    ).encode()  # fmt: skip


def release(count: int = 2, padding: int = 0) -> bytes:
    """A release as DailyMed ships it: a zip of zips; ``padding`` bytes of a picture make it larger."""
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        for number, (set_id, version) in enumerate(list(SETS.items())[:count]):
            inner = io.BytesIO()
            with zipfile.ZipFile(inner, "w") as one:
                one.writestr(f"{set_id}.xml", spl(set_id, version))
                one.writestr("picture.jpg", hashlib.shake_256(b"%d" % number).digest(padding))
            archive.writestr(f"prescription/20260101_{set_id}.zip", inner.getvalue())
    return outer.getvalue()


def bulk(count: int = 2) -> bytes:
    """A part of openFDA's bulk download."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        answer = {"meta": {"last_updated": UPDATED}, "results": [record(n) for n in range(count)]}
        archive.writestr("drug-label-0001-of-0002.json", json.dumps(answer))
    return out.getvalue()


def _json(value: object) -> Reply:
    return Reply(json.dumps(value).encode())


def _missing() -> Reply:
    error = {"error": {"code": "NOT_FOUND", "message": "No matches found!"}}
    return Reply(json.dumps(error).encode(), 404)


def _openfda(server: LabelServer, asked: Asked) -> Reply:
    """A search over seven labels, a page after the other by the Link header."""
    search, size = asked.query.get("search", ""), int(asked.query.get("limit", "1"))
    named = search == " ".join(f'openfda.{f}_name:"zentralin"' for f in ("generic", "brand", "substance"))
    total = 7 if named else 1 if search == f'set_id:"{next(iter(SETS))}"' else 0
    if not total:
        return _missing()
    start = int(asked.query.get("search_after", "0=0").rpartition("=")[2])
    # The server's pages are small, so that seven labels need several.
    stop = min(start + min(size, 3), total)
    meta = {"last_updated": UPDATED, "results": {"skip": 0, "limit": size, "total": total}}
    headers = {}
    if stop < total:
        query = urlencode({"search": search, "limit": size, "skip": 0, "search_after": f"0={stop}"})
        headers["Link"] = f'<{server.url}/drug/label.json?{query}>; rel="next"'
    body = json.dumps({"meta": meta, "results": [record(n) for n in range(start, stop)]}).encode()
    return Reply(body, headers=headers)


def _dailymed(server: LabelServer, asked: Asked) -> Reply:
    path = asked.path.removeprefix("/dailymed")
    if path == "/services/v2/spls.json":
        page, size = int(asked.query["page"]), 2
        found = list(SETS.items()) if asked.query["drug_name"] == "zentralin" else []
        rows = [
            {"setid": set_id, "spl_version": version, "title": "ZENTRALIN TABLET", "published_date": "Feb 01, 2026"}
            for set_id, version in found[(page - 1) * size : page * size]
        ]
        # Numbers come as text, and nothing as the word null.
        return _json({"data": rows, "metadata": {"total_pages": str(-(-len(found) // size)), "next_page_url": "null"}})
    if path.endswith("/history.json") and (set_id := path.split("/")[-2]) in SETS:
        history = [{"spl_version": v, "published_date": "Jan 01, 2026"} for v in range(1, SETS[set_id] + 1)]
        return _json({"metadata": {"total_pages": "1"}, "data": {"setid": set_id, "history": history}})
    if path.startswith("/services/v2/spls/") and (set_id := path.split("/")[-1].removesuffix(".xml")) in SETS:
        return Reply(spl(set_id, SETS[set_id]), kind="application/xml")
    if path == "/getFile.cfm" and asked.query["setid"] in SETS and asked.query["type"] == "zip":
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as one:
            one.writestr("label.xml", spl(asked.query["setid"], int(asked.query["version"])))
        return Reply(inner.getvalue(), kind="application/zip")
    if path == "/spl-resources-all-drug-labels.cfm":
        names = ("human_rx_part1", "human_rx_part2", "human_otc_part1", "homeopathic", "animal", "remainder")
        links = "".join(
            f'<li><a href="{server.url}/public-release-files/dm_spl_release_{n}.zip">{n}</a></li>' for n in names
        )
        update = f'<a href="{server.url}/public-release-files/dm_spl_daily_update_11222026.zip">update</a>'
        return Reply(f"<html><ul>{update}{links}</ul></html>".encode(), kind="text/html")
    return Reply(b"<html>not found</html>", 404, "text/html")


def _epi(asked: Asked) -> Reply:
    path = asked.path.removeprefix("/fhir")
    if path == "/List":
        title, page = asked.query.get("title"), int(asked.query.get("page", "1"))
        found = [_list(1), _list(2)] if title is None or title.lower() in "zentralin 10 mg tablets" else []
        answer: dict[str, object] = {"resourceType": "Bundle", "type": "searchset"}
        if found:
            answer["entry"] = [{"resource": found[page - 1]}, {"resource": {"resourceType": "OperationOutcome"}}]
            if page < len(found):
                query = urlencode({**asked.query, "page": page + 1})
                answer["link"] = [{"relation": "next", "url": f"/fhir/List?{query}"}]
        return _json(answer)
    if path == f"/List/{leaflet_number(1)}":
        return _json(_list(1))
    if path.startswith("/Bundle/") and (number := int(path[8:16], 16)) in (1, 10, 20):
        return Reply(bundle(number), kind="application/fhir+json")
    return Reply(b'{"resourceType":"OperationOutcome"}', 404)


def _list(number: int) -> dict[str, object]:
    coded = {"url": "http://ema.europa.eu/fhir/extension/language", "valueCoding": {"code": "1", "display": "Danish"}}
    return {
        "resourceType": "List", "id": leaflet_number(number), "status": "current", "title": "Zentralin 10 mg tablets",
        "entry": [
            {"item": {"reference": f"Bundle/{leaflet_number(number * 10)}", "display": "Package leaflet (English)"}},
            {"item": {"reference": f"Bundle/{leaflet_number(90)}", "display": "Package leaflet (Spanish)"}},
            {"item": {"reference": f"Bundle/{leaflet_number(91)}", "extension": [coded]}},
            {"item": {"reference": "Bundle/../../etc"}},
        ],
    }  # fmt: skip


def _answer(server: LabelServer, asked: Asked) -> Reply:
    if asked.path == "/drug/label.json":
        return _openfda(server, asked)
    if asked.path == "/download.json":
        parts = [{"file": f"{server.url}/drug/label/drug-label-000{n}-of-0002.json.zip"} for n in (1, 2)]
        return _json({"results": {"drug": {"label": {"export_date": UPDATED, "partitions": parts}}}})
    if asked.path.startswith("/drug/label/"):
        return Reply(bulk(), kind="application/zip", headers={"Last-Modified": "Fri, 20 Nov 2026 08:00:00 GMT"})
    if asked.path.startswith("/dailymed/"):
        return _dailymed(server, asked)
    if asked.path.startswith("/public-release-files/"):
        return Reply(release(padding=900_000), kind="application/zip", headers={"ETag": '"v1"'})
    if asked.path.startswith("/fhir/"):
        return _epi(asked)
    return Reply(b"not here", 404)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    label_server: LabelServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        asked = Asked(parts.path, query, self.headers)
        self.label_server.asked.append(asked)
        reply = _answer(self.label_server, asked)
        self._send(_in_parts(asked, self.label_server.spoil(asked, reply) or reply))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 304:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body if reply.cut is None else reply.body[: reply.cut])
        if reply.cut is not None:
            self.wfile.flush()
            time.sleep(reply.stall)
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


def _in_parts(asked: Asked, reply: Reply) -> Reply:
    """What a server makes of a conditional request, or of one for the rest of a file."""
    known = reply.headers.get("ETag") or reply.headers.get("Last-Modified")
    if reply.status != 200 or known is None:
        return reply
    if known in (asked.headers.get("If-None-Match"), asked.headers.get("If-Modified-Since")):
        return Reply(status=304, headers=reply.headers)
    if (wanted := asked.headers.get("Range")) and asked.headers.get("If-Range") == known:
        start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        size = len(reply.body)
        if start >= size:
            return Reply(status=416, headers={"Content-Range": f"bytes */{size}"})
        headers = {**reply.headers, "Content-Range": f"bytes {start}-{size - 1}/{size}"}
        return Reply(reply.body[start:], 206, reply.kind, headers, reply.cut, reply.stall)
    return reply


@contextmanager
def label_servers(spoil: Spoil = lambda asked, reply: None) -> Iterator[LabelServer]:
    """The server, until the block ends."""
    handler = type("Handler", (_Handler,), {})
    listening = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server = LabelServer(f"http://127.0.0.1:{listening.server_port}", spoil=spoil)
    handler.label_server = server  # type: ignore[attr-defined]
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
