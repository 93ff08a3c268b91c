"""Whether a "not" in a sentence denies the interaction that it names, or forbids, warns, or says something else."""

from __future__ import annotations

from monograph.extraction.assertion import Assertion
from monograph.screening import screened

__all__ = ["names_the_harmless", "polarity_of"]

#: what forbids the thing named, which therefore interacts: "you should not receive live vaccines"
_FORBIDS = screened(
    r"\b(?:should|must|do|may|can|could|shall)(?: not|n't|not)\b[^.;]{0,30}\b(?:take|taken|receive|received|use|used|be given|have|get|combin\w+|drink|eat|start|mix\w*|administered)\b"
    r"|\b(?:never|avoid\w*)\b|\bnot (?:be )?(?:recommended|advis\w+|suitable|allowed)\b|\bcontra-?indicated\b"
)
#: what says that nothing happens
_NOTHING = screened(
    r"\b(?:do|does|did|will|would)(?: not|n't)\b (?!(?:you|know|have (?:enough|any|severe)|treat|need|realise)\b)"
    r"|\bnor (?:do|does|did|is|are|was|were)\b|\bshould(?: not|n't) (?:affect|change|alter|influence|interact|interfere|matter)\b"
    r"|\b(?:no|without|nor|neither|hardly|barely)\b[^.;]{0,50}?\b(?:interactions?|effects?|impact|influence|changes?|differences?|relevance|significance|problems?|reactions?|evidence|adjustments?|reduction|increase|decrease)\b"
    r"|(?:\bnot|n't|\bunlikely)\b[^.;]{0,30}?\b(?:affect\w*|influence\w*|interact\w*|known to|forbidden|changed|altered|increased|reduced|decreased|lowered|raised|different|relevan\w+|significan\w+|expected|necessary|needed|required|"
    r"adjusted|observed|seen|found|reported|indicate|inhibited|induced)\b"
    r"|\b(?:can|may) (?:also )?be (?:combined|taken|given|used|co-?administered) (?:together |safely )?(?:with|alongside)\b|\bsafe(?:ly)?\b|\bwith or without (?:food|meals?|a meal)\b"
)
#: "medicines which do not result in interactions with it are …"
_NONE_COMES = screened(r"\b(?:which|that) (?:do|does|did)(?: not|n't) (?:\w+ ){0,3}(?:interact\w*|result in|lead to)\b")
_CUT = screened(r"[;:]\s|,? but\s|, (?:although|though|however|so|as|because)\s")


def polarity_of(said: Assertion, low: str, start: int, *, told: bool) -> Assertion | None:
    """What is said of what ``low`` names at ``start``, where ``said`` reads a denial of something in the sentence.

    ``told``: the section or list is about interactions, so that what it names interacts unless its clause says that
    nothing happens; elsewhere a "not" about something else tells of no interaction, and None is given back.
    """
    if said.polarity != "negated":
        return said
    cuts = [0, *(m.end() for m in _CUT.finditer(low)), len(low)]
    begin = max(cut for cut in cuts if cut <= start)
    end = min((cut for cut in cuts if cut > start), default=len(low))
    if _FORBIDS.search(low, begin, end):
        return Assertion()
    if _NOTHING.search(low, begin, end):
        return said
    return Assertion() if told else None


def names_the_harmless(low: str) -> bool:
    """Whether a sentence names what does not interact: "medicines which do not result in interactions are …"."""
    return _NONE_COMES.search(low) is not None
