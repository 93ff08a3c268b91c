"""From a name to the terms of vocabularies that it may stand for, each with a score and the reason for it."""

from monograph.grounding.candidates import Candidate, Grounding, Name
from monograph.grounding.grounding import ground, ground_all

__all__ = ["Candidate", "Grounding", "Name", "ground", "ground_all"]
