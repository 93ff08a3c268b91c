"""Fixtures that several test modules use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import samples
from monograph.embedded import EmbeddedStore


@pytest.fixture
def store() -> Iterator[EmbeddedStore]:
    """A store in memory that holds the two sample documents."""
    with EmbeddedStore(None) as filled:
        filled.put(samples.document(), samples.facts(), samples.gaps())
        filled.put(samples.other_document(), samples.other_facts())
        yield filled


@pytest.fixture
def disk_store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    """The same on disk, in ``tmp_path / "store"``."""
    with EmbeddedStore(tmp_path / "store") as filled:
        filled.put(samples.document(), samples.facts(), samples.gaps())
        filled.put(samples.other_document(), samples.other_facts())
        yield filled
