"""Labels from public interfaces, as files with what is known of their retrieval beside them.

One module an interface (``openfda``, ``dailymed``, ``epi``): it says which files grant a wish. ``transport`` makes the
requests, ``keeping`` puts a file in its place, ``run`` goes through the wishes. Nothing is asked until :func:`fetch` is
called.
"""

from __future__ import annotations

from monograph.fetching.keeping import Kept
from monograph.fetching.model import Interface, Item, Wish
from monograph.fetching.run import INTERFACES, Granted, fetch, interface, offered
from monograph.fetching.transport import Web

__all__ = ["INTERFACES", "Granted", "Interface", "Item", "Kept", "Web", "Wish", "fetch", "interface", "offered"]
