"""The document record: a Document as one canonical JSON file, so that its text can be checked and extracted again.

The graph names the SHA-256 of the record (``mg:recordSha256``), which is also the record's file name in a store: what
a document's graph says and the text that it was made from cannot drift apart unseen.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from monograph.document import Block, Correction, Document, Piece, Section
from monograph.errors import StoreError
from monograph.facts import Fact

__all__ = ["Record", "read_record", "record_bytes", "record_digest"]

_FORMAT = 1


@dataclass(frozen=True)
class Record:
    """A document, and what its graph leaves out where quotes are withheld: IRI -> the text kept back."""

    document: Document
    withheld: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def data(self) -> bytes:
        """The record as canonical JSON; the same record gives the same bytes."""
        row: dict[str, Any] = {
            "format": _FORMAT,
            "document": {name: value for name, value in _fields(self.document).items() if value not in (None, [], {})},
        }
        if self.withheld:
            row["withheld"] = dict(self.withheld)
        return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def record_bytes(record: Record) -> bytes:
    """The record as canonical JSON; the same record gives the same bytes."""
    return record.data


def record_digest(record: Record) -> str:
    """SHA-256 of :func:`record_bytes`, hexadecimal."""
    return hashlib.sha256(record_bytes(record)).hexdigest()


def read_record(data: bytes, name: str) -> Record:
    """The record in ``data``; raises StoreError, naming the file ``name``, where it is damaged."""
    try:
        row = json.loads(data)
        if row["format"] != _FORMAT:
            raise StoreError(f"{name}: a document record of format {row['format']} - update monograph to read it")
        known = dict(row["document"])
        for name in ("drugs", "brands"):
            known[name] = tuple(known.get(name, ()))
        known["identifiers"] = tuple((name, curie) for name, curie in known.get("identifiers", ()))
        known["facts"] = tuple(Fact.from_json(row) for row in known.get("facts", ()))
        known["corrections"] = tuple(
            Correction(row["fact"], row["why"], Fact.from_json(row["by"]) if "by" in row else None)
            for row in known.get("corrections", ())
        )
        known["sections"] = tuple(Section(**section) for section in known.get("sections", ()))
        known["blocks"] = tuple(
            Block(**{**block, "pieces": tuple(Piece(*piece) for piece in block["pieces"])})
            for block in known.get("blocks", ())
        )
        return Record(Document(**known), dict(row.get("withheld", {})))
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{name}: the document record is damaged ({error}) - build the document again") from error


def _fields(document: Document) -> dict[str, Any]:
    row = {name: value for name, value in vars(document).items() if name in Document.__dataclass_fields__}
    row["drugs"], row["brands"] = list(document.drugs), list(document.brands)
    row["identifiers"] = [list(pair) for pair in document.identifiers]
    row["facts"] = [fact.as_json() for fact in document.facts]
    row["corrections"] = [
        {"fact": c.fact, "why": c.why, **({"by": c.by.as_json()} if c.by is not None else {})}
        for c in document.corrections
    ]
    row["sections"] = [_plain(asdict(section)) for section in document.sections]
    row["blocks"] = [
        _plain(
            {
                **{name: getattr(block, name) for name in Block.__dataclass_fields__ if name != "pieces"},
                "pieces": [
                    [*piece[:2], piece.shown] if piece.shown is not None else [*piece[:2]] for piece in block.pieces
                ],
            }
        )
        for block in document.blocks
    ]
    return row


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}
