"""What a query's text holds, seen before it runs: its form, the graphs it names, whether it would go to the network.

This reads tokens, not the grammar; strings, comments, IRIs and variables never count as keywords. Where SPARQL is
ambiguous without its grammar, the reading that refuses is taken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monograph.errors import QueryError
from monograph.vocabulary import prefixes

__all__ = ["Outline", "outline", "refuse", "with_prefixes"]

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z][\w-]*)
    | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?\#@%-]|\.(?=[\w:%\\-]))*)
    | (?P<word>[^\W\d_]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})
_PROLOGUE = frozenset({"BASE", "PREFIX"})
# "FILTER(?a<?b)SERVICE#>" is one IRI to a lexer and a filter, a keyword and a comment to the grammar.
_AMBIGUOUS = re.compile(r"\).*service", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outline:
    """``form`` is the query's or update's first keyword; ``graphs`` the IRIs of its FROM and FROM NAMED clauses."""

    form: str
    graphs: tuple[str, ...]
    service: bool
    declared: frozenset[str]
    used: frozenset[str]


def outline(text: str) -> Outline:
    """The outline of ``text``, which need not be valid SPARQL."""
    form, service, after = "", False, ""
    graphs: list[str] = []
    declared: dict[str, str] = {}
    used: set[str] = set()
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "word":
            word = token.upper()
            if after == "FROM" and word == "NAMED":
                continue
            if not form and word not in _PROLOGUE:
                form = word
            service = service or word == "SERVICE"
            after = word
            continue
        if kind == "iri":
            service = service or _AMBIGUOUS.search(token) is not None
            if after == "FROM":
                graphs.append(token[1:-1])
            elif after.startswith("PREFIX "):
                declared[after[7:]] = token[1:-1]
        elif kind == "name":
            prefix, _, local = token.partition(":")
            if after == "PREFIX":
                after = f"PREFIX {prefix}"
                continue
            used.add(prefix)
            if after == "FROM" and (namespace := declared.get(prefix, prefixes().get(prefix))) is not None:
                graphs.append(namespace + local)
        if kind != "comment":
            after = ""
    return Outline(form, tuple(graphs), service, frozenset(declared), frozenset(used))


def refuse(text: str) -> Outline:
    """The outline of a query that may run here; raises QueryError for one that changes data or calls the network."""
    plain = _ESCAPE.sub(lambda m: chr(min(int(m.group(1) or m.group(2), 16), 0x10FFFF)), text)
    seen = outline(text)
    if seen.form in _UPDATES:
        raise QueryError(f"the text is an update ({seen.form}), not a query - a store changes only by build and remove")
    if "service" in plain.lower() and (seen.service or outline(plain).service):
        raise QueryError(
            "the query has a SERVICE clause, which would call the network - refused; ask that service itself"
        )
    return seen


def with_prefixes(text: str) -> str:
    """``text`` with a declaration of each of our prefixes that it uses without declaring it."""
    seen = outline(text)
    missing = sorted((seen.used - seen.declared) & prefixes().keys())
    return "".join(f"PREFIX {prefix}: <{prefixes()[prefix]}>\n" for prefix in missing) + text
