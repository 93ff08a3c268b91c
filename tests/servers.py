"""Real SPARQL servers on loopback, empty, each gone when the block ends."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

__all__ = ["free_port", "oxigraph", "virtuoso"]

_OXIGRAPH = Path(sys.executable).parent / "oxigraph"
_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 5000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 4
"""


@contextlib.contextmanager
def oxigraph(port: int | None = None) -> Iterator[str]:
    """The URL of an Oxigraph server whose default graph is the union of the named graphs."""
    url = f"http://127.0.0.1:{port or free_port()}"
    call = [str(_OXIGRAPH), "serve", "--union-default-graph", "--bind", url.removeprefix("http://")]
    with _running(subprocess.Popen(call, stderr=subprocess.DEVNULL), url):
        yield url


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """The URL of a Virtuoso server whose files are in ``folder``; user and password for /sparql-auth are both dba.

    Raises FileNotFoundError where the programs virtuoso-t and isql-vt are not installed.
    """
    server, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if server is None or client is None:
        raise FileNotFoundError("virtuoso-t, isql-vt")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=sql, http=http), encoding="utf-8")
    url = f"http://127.0.0.1:{http}"
    process = subprocess.Popen([server, "-f", "-c", "virtuoso.ini"], cwd=folder, stderr=subprocess.DEVNULL)
    with _running(process, f"{url}/sparql"):
        grant = 'GRANT SPARQL_UPDATE TO "SPARQL"; GRANT SPARQL_UPDATE TO "dba";'
        subprocess.run([client, f"127.0.0.1:{sql}", "dba", "dba", f"exec={grant}"], check=True, capture_output=True)
        yield url


@contextlib.contextmanager
def _running(process: subprocess.Popen[bytes], url: str) -> Iterator[None]:
    try:
        until = time.monotonic() + 30
        while True:
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < until, "the server did not start"
                time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
