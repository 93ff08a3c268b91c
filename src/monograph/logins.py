"""Who we are where a server asks for it: the user's netrc file, as curl and others read it.

``~/.netrc``, or the file that ``$NETRC`` names, has a line a server: ``machine example.org login NAME password WORD``.
"""

from __future__ import annotations

import netrc
import os
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monograph.errors import StoreError

__all__ = ["login_handlers"]


def login_handlers() -> tuple[urllib.request.BaseHandler, ...]:
    """What answers a server that wants Basic or Digest authentication; nothing is sent before it asks."""
    known = _Netrc()
    return urllib.request.HTTPDigestAuthHandler(known), _Basic(known)


class _Netrc(urllib.request.HTTPPasswordMgr):
    def find_user_password(self, realm: str, authuri: str) -> tuple[str | None, str | None]:
        path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
        if not path.is_file():
            return None, None
        try:
            login = netrc.netrc(path).hosts.get(urlsplit(authuri).hostname or "")
        except (OSError, netrc.NetrcParseError) as error:
            raise StoreError(f"{path}: cannot be read ({' '.join(str(error).split())}) - mend it") from error
        return (login[0], login[2]) if login else (None, None)


class _Basic(urllib.request.HTTPBasicAuthHandler):
    def http_error_401(self, *answer: Any) -> Any:
        """Leaves other schemes to others, where urllib raises a ValueError that hides the answer."""
        wanted = answer[-1].get("www-authenticate", "")
        return super().http_error_401(*answer) if "basic" in wanted.lower() else None
