"""Requests as a polite guest makes them: one after the other, not too fast, again where a server asks for it.

Nothing but http and https is spoken, and never http where the address was https. A download that broke goes on where
it broke, where the server can do that and still has the same file; every answer has a largest size.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, Final, TypeVar
from urllib.parse import urlsplit

from monograph.errors import FetchError
from monograph.retrieval import Retrieval
from monograph.web import TRANSIENT, agent, retry_after

try:
    import fcntl
except ImportError:  # Windows, where two processes have to be kept apart by whoever starts them
    fcntl = None  # type: ignore[assignment]

__all__ = ["Answer", "NotFound", "Saved", "Web", "guard"]

_Got = TypeVar("_Got")

_CHUNK: Final = 256 * 1024
#: a server that wants to be left alone for longer is asked again by the user, later
_LONGEST_WAIT: Final = 300.0
_REDIRECTS: Final = 5
#: what a connection that is cut raises
_CUT: Final = (
    ConnectionResetError,
    ConnectionAbortedError,
    BrokenPipeError,
    TimeoutError,
    http.client.IncompleteRead,
)
#: a download that breaks has not failed if it came so many bytes further
_PROGRESS: Final = 1024**2


class NotFound(FetchError):
    """The server has nothing at this address."""


class _Broken(Exception):
    """A transfer ended too early; ``reached`` bytes of the file are here."""

    def __init__(self, reached: int, reason: str) -> None:
        super().__init__(reason)
        self.reached = reached


@dataclass(frozen=True, slots=True)
class Answer:
    """The body of a small answer, and its headers by lower-case name."""

    body: bytes
    headers: dict[str, str]

    def json(self, url: str) -> Any:
        """The body as JSON; raises FetchError where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise FetchError(f"{url}: answers with no JSON - is it the address of this interface?") from error


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that is here as a whole: its digest and size, and the headers that came with it."""

    sha256: str
    bytes: int
    headers: dict[str, str]


class Web:
    """Makes at most ``rate`` requests a second; one that fails for the moment is made again up to ``retries`` times.

    The time between is what the server asks for, else 1, 2, 4 … seconds. ``timeout`` is how many seconds a server may
    be silent. ``told`` hears of the bytes that are here and of those that are expected (None: not known).
    """

    def __init__(
        self,
        *,
        rate: float = 2,
        retries: int = 4,
        timeout: float = 60,
        sleep: Callable[[float], None] = time.sleep,
        told: Callable[[int, int | None], None] = lambda here, expected: None,
    ) -> None:
        self._between = 1 / rate
        self._retries = retries
        self._timeout = timeout
        self._sleep = sleep
        self._told = told
        self._last = float("-inf")

    def read(self, url: str, *, accept: str = "application/json", largest: int = 64 * 1024**2) -> Answer:
        """What is at ``url``, which must be small; raises FetchError, NotFound where nothing is there."""

        def attempt() -> Answer:
            with self._open(url, {"Accept": accept}) as response:
                body = bytearray()
                while part := _receive(response):
                    body += part
                    if len(body) > largest:
                        raise FetchError(f"{url}: answers with more than {largest // 1024**2} MB - is it the address?")
                _complete(response, len(body))
                return Answer(bytes(body), _headers(response))

        return self._again(url, attempt)

    def save(
        self, url: str, path: Path, *, accept: str = "*/*", largest: int, unless: Retrieval | None = None
    ) -> Saved | None:
        """Writes what is at ``url`` to ``path``, going on with what a broken attempt left there.

        None where it has not changed since ``unless``. Raises FetchError; what came until then stays in ``path``.
        """
        state = path.with_name(path.name + ".from")

        def attempt() -> Saved | None:
            have, validator = _left(path, state, url)
            headers = {"Accept": accept}
            if have:
                headers |= {"Range": f"bytes={have}-", "If-Range": validator}
            elif unless is not None and unless.source == url:
                headers |= {"If-None-Match": unless.etag} if unless.etag else {}
                headers |= {"If-Modified-Since": unless.last_modified} if unless.last_modified else {}
            try:
                response = self._open(url, headers)
            except urllib.error.HTTPError as error:
                if error.code == 304:
                    error.close()
                    return None
                if error.code == 416:
                    error.close()
                    if error.headers.get("Content-Range") == f"bytes */{have}":  # it lacked nothing but its name
                        return Saved(_digest(path), have, {**_headers(error), **_as_header(validator)})
                    path.unlink(missing_ok=True)
                    raise _Broken(0, "the file has changed") from error
                raise
            with response:
                if have and not _goes_on(response, have):
                    have = 0
                return self._receive_file(url, response, path, state, have, largest)

        saved = self._again(url, attempt)
        state.unlink(missing_ok=True)
        return saved

    def _receive_file(self, url: str, response: Any, path: Path, state: Path, have: int, largest: int) -> Saved:
        headers = _headers(response)
        expected = int(headers["content-length"]) + have if headers.get("content-length", "").isdigit() else None
        digest = hashlib.sha256()
        size = have
        with _Writing(path, state, url, headers, have) as writing:
            writing.feed(digest.update)
            while part := _receive(response, size):
                size += len(part)
                if size > largest:
                    writing.discard()
                    raise FetchError(f"{url}: has more than {largest // 1024**2:,} MB, so it was not kept")
                writing.write(part)
                digest.update(part)
                self._told(size, expected)
        _complete(response, size - have, size)
        return Saved(digest.hexdigest(), size, headers)

    def _open(self, url: str, headers: dict[str, str]) -> Any:
        """Sends a request when its time has come."""
        guard(url)
        wait = self._last + self._between - time.monotonic()
        if wait > 0:
            self._sleep(wait)
        self._last = time.monotonic()
        request = urllib.request.Request(url, headers={"User-Agent": agent(), "Accept-Encoding": "identity", **headers})
        response = _opener().open(request, timeout=self._timeout)
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            response.close()
            raise FetchError(f"{url}: sends it packed, although asked not to - fetch it in another way")
        return response

    def _again(self, url: str, attempt: Callable[[], _Got]) -> _Got:
        """What ``attempt`` gives, made again where it fails for the moment; raises FetchError."""
        failures = best = 0
        while True:
            wait: float | None = None
            try:
                return attempt()
            except urllib.error.HTTPError as error:
                error.close()
                wait = retry_after(error.headers.get("Retry-After"))
                reason = f"the server answers {error.code} {error.reason}".strip()
                if error.code in (404, 410):
                    raise NotFound(f"{url}: {reason} - is the address right?") from error
                if 300 <= error.code < 400:
                    raise FetchError(f"{url}: redirects to where nobody follows ({error.reason})") from error
                if error.code not in TRANSIENT:
                    raise FetchError(f"{url}: {reason} - it does not give this to us") from error
                if wait is not None and wait > _LONGEST_WAIT:
                    raise FetchError(f"{url}: {reason} and wants to be asked again in {wait:,.0f} s - do so") from error
            except _Broken as broken:
                reason = str(broken)
                if broken.reached >= best + _PROGRESS:
                    failures, best = 0, broken.reached
            except (OSError, ValueError, http.client.HTTPException) as error:
                cause = getattr(error, "reason", None) or error
                if not isinstance(cause, _CUT):
                    raise FetchError(f"{url}: no answer ({_line(cause)}) - is the address right?") from error
                reason = f"no answer in {self._timeout:g} s" if isinstance(cause, TimeoutError) else _line(cause)
            if failures >= self._retries:
                raise FetchError(f"{url}: {reason} - try again later; what is here is kept")
            self._sleep(float(2**failures) if wait is None else wait)
            failures += 1


class _Writing:
    """A file that grows, with a note beside it of where it comes from; raises FetchError where it cannot.

    Only one process writes to it: a second one would mix its bytes with those of the first.
    """

    def __init__(self, path: Path, state: Path, url: str, headers: dict[str, str], have: int) -> None:
        self._path, self._state = path, state
        self._stream: IO[bytes] = self._try(lambda: os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b"))
        if not self._alone(have):
            self._stream.close()
            raise FetchError(f"{path}: another process is fetching this file - wait for it")
        if not have:
            self._try(self._stream.truncate)
        note = {"url": url, "validator": _validator(headers)}
        self._try(lambda: state.write_text(json.dumps(note), encoding="utf-8"))

    def _alone(self, have: int) -> bool:
        """Whether the file is now ours and as it was when it was looked at; it stays ours until it is closed."""
        try:
            if fcntl is not None:
                fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            own = os.fstat(self._stream.fileno())
            return own.st_ino == self._path.stat().st_ino and (not have or own.st_size == have)
        except OSError:
            return False

    def __enter__(self) -> _Writing:
        return self

    def __exit__(self, *_: object) -> None:
        self._try(self._stream.close)

    def feed(self, take: Callable[[bytes], object]) -> None:
        """Hands on what is there already, and stands at its end."""
        while part := self._try(lambda: self._stream.read(_CHUNK)):
            take(part)

    def write(self, part: bytes) -> None:
        self._try(lambda: self._stream.write(part))

    def discard(self) -> None:
        self._path.unlink(missing_ok=True)
        self._state.unlink(missing_ok=True)

    def _try(self, action: Callable[[], _Got]) -> _Got:
        try:
            return action()
        except OSError as error:
            raise FetchError(f"cannot write {self._path} ({error.strerror}) - check its rights and the room") from error


class _Guarded(urllib.request.HTTPRedirectHandler):
    """Follows redirects as far as :func:`guard` allows."""

    max_redirections = _REDIRECTS

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        guard(newurl, before=req.full_url)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def guard(url: str, *, before: str | None = None) -> str:
    """``url``, if it may be asked; ``before`` is the address that led there. Raises FetchError."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or parts.username is not None:
        led = f"{before} leads to " if before else ""
        raise FetchError(f"{led}{url[:200]}: is no address that is followed - only http:// and https:// are")
    if before is not None and urlsplit(before).scheme == "https" and parts.scheme == "http":
        raise FetchError(f"{before} leads to {url[:200]}: is not encrypted any more, which is refused")
    return url


@cache
def _opener() -> urllib.request.OpenerDirector:
    """One that knows http and https alone: no ftp:, file: or data:; proxies are those of the environment."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Guarded(),
    ):
        opener.add_handler(handler)
    return opener


def _receive(response: Any, reached: int = 0) -> bytes:
    """What has come meanwhile, nothing at the end; raises _Broken where ``reached`` bytes is as far as it goes."""
    try:
        return bytes(response.read1(_CHUNK))
    except _CUT as error:
        raise _Broken(reached, f"the connection was cut ({_line(error)})") from error


def _complete(response: Any, received: int, reached: int = 0) -> None:
    """Raises _Broken where fewer bytes came than were announced: reading in parts does not tell."""
    announced = response.headers.get("Content-Length") or ""
    if announced.isdigit() and received < int(announced):
        raise _Broken(reached, f"the connection was cut after {received:,} of {int(announced):,} bytes")


def _headers(response: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _validator(headers: dict[str, str]) -> str | None:
    """What tells later that a file is still the same: a strong ETag or a date."""
    etag = headers.get("etag", "")
    return etag if etag.startswith('"') else headers.get("last-modified")


def _as_header(validator: str) -> dict[str, str]:
    return {"etag" if validator.startswith('"') else "last-modified": validator}


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _left(path: Path, state: Path, url: str) -> tuple[int, str]:
    """How many bytes of ``url`` an earlier attempt left that can be gone on with, and what they are known by."""
    try:
        note = json.loads(state.read_text(encoding="utf-8"))
        if note["url"] == url and note["validator"]:
            return path.stat().st_size, str(note["validator"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return 0, ""


def _goes_on(response: Any, have: int) -> bool:
    """Whether the server goes on where it was asked to, rather than beginning anew."""
    return response.status == 206 and str(response.headers.get("Content-Range", "")).startswith(f"bytes {have}-")


def _line(error: object) -> str:
    return " ".join(str(error).split()) or type(error).__name__
