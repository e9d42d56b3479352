"""What was worked out in earlier builds, in `build/.cache/`: safe to delete, safe to share between
builds, and not trusted.

One file of lines: name, seal, result. A build appends what is new, and writes the file anew when
most of it is of no more use. The seal is a digest with a secret that only this user's ankipress
knows, so neither a damaged disk nor a folder that came with a stranger's repository can put
anything into a package: a line that does not agree is worked out again.
"""

from __future__ import annotations

import errno
import functools
import os
import secrets
import stat
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

import click

import ankipress
from ankipress.project.atomic import write_files
from ankipress.project.tool_versions import installed

_FILE = "entries-1"
_NAME, _SEAL = 40, 32  # hexadecimal digits
_FEWEST = 200  # results that are worth a file
_BUFFER = 2**18  # bytes
_SPARE, _WORN = (
    16 * 2**20,
    4,
)  # a file is written anew when it has this many bytes more than so many times what is in use


class Cache:
    """Results of earlier builds. A cache that cannot be read or written is none: it is never a
    reason to fail.

    Without a folder nothing is read or kept. `generation` stands for all that makes results
    different for the same key: the versions of the programs.
    """

    def __init__(self, folder: Path | None, generation: bytes) -> None:
        self._path, self._generation = folder / _FILE if folder else None, generation
        self._lines: Mapping[bytes, bytes] | None = None
        self._used: set[bytes] = set()
        self._in_use = 0  # bytes, or a little more
        self._fresh: list[bytes] = []
        self._number = self._waiting = (
            0  # of what is fresh: results, and bytes that are not written yet
        )
        self._size = 0

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, str]:
        """Those of some results that are known, and are as they were kept."""
        lines = self._read()
        found = {}
        for key in keys:
            name = self._name(key)
            line = lines.get(name)
            if line is not None and line[_NAME : _NAME + _SEAL] == self._sealed(
                name, line[_NAME + _SEAL :]
            ):
                self._use(name, line)
                found[key] = line[_NAME + _SEAL :].decode("utf-8", "surrogatepass")
        return found

    def keep(self, results: Mapping[bytes, str]) -> None:
        """Remember some results. They are written now and then, and all of them with `write`."""
        for key, text in results.items():
            if "\n" not in text:
                name, result = self._name(key), text.encode("utf-8", "surrogatepass")
                line = b"".join((name, self._sealed(name, result), result, b"\n"))
                self._use(name, line)
                self._fresh.append(line)
                self._number += 1
                self._waiting += len(line)
        if self._waiting > _BUFFER:
            self._append()

    def write(self) -> None:
        """Write what is new, where that is possible and worth it: what few cards take is no more
        than a cache would.
        """
        self._append()
        if self._path and self._size > _WORN * self._in_use + _SPARE:
            with suppress(OSError):
                lines = {line[:_NAME]: line for line in read_plain(self._path).split(b"\n")}
                write_files(
                    {
                        self._path: b"".join(
                            line + b"\n" for name, line in lines.items() if name in self._used
                        )
                    }
                )

    def _use(self, name: bytes, line: bytes) -> None:
        if self._size > _SPARE:  # else nothing is written anew
            self._used.add(name)
            self._in_use += len(line)

    def _append(self) -> None:
        if self._path is None or not self._fresh or (self._number < _FEWEST and not self._size):
            return
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with open(self._path, "ab", _BUFFER, opener=_plain) as file:
                file.write(b"\n")  # what an interrupted build left behind ends here
                file.writelines(self._fresh)
        self._fresh, self._waiting = [], 0

    def _read(self) -> Mapping[bytes, bytes]:
        if self._lines is None:
            try:
                content = read_plain(self._path) if self._path else b""
            except OSError:
                content = b""
            self._size = len(content)
            self._lines = {line[:_NAME]: line for line in content.split(b"\n")} if content else {}
        return self._lines

    @functools.cached_property
    def _unsealed(self) -> blake2b:
        return blake2b(key=_secret(), digest_size=_SEAL // 2)

    def _name(self, key: bytes) -> bytes:
        return blake2b(key, key=self._generation, digest_size=_NAME // 2).hexdigest().encode()

    def _sealed(self, name: bytes, result: bytes) -> bytes:
        seal = self._unsealed.copy()
        seal.update(name)
        seal.update(result)
        return seal.hexdigest().encode()


def generation(*more: str) -> bytes:
    """What stands for the programs: ankipress's own text, Python, every installed distribution with
    its version, and more.
    """
    digest = _programs(ankipress.__version__).copy()
    for text in more:
        digest.update(f"{text}\0".encode())
    return bytes(digest.digest())


@functools.cache
def _programs(version: str) -> Any:
    digest = sha256(f"{version}\0{sys.version}\0".encode())
    for file in sorted(Path(ankipress.__file__).parent.rglob("*")):
        if file.suffix in {".py", ".css", ".html", ".toml"}:
            digest.update(file.read_bytes())
    for name in sorted(set(installed())):
        digest.update(f"{name}\0".encode("utf-8", "surrogateescape"))
    return digest


def read_plain(path: Path) -> bytes:
    """What is in a file that is no link and no pipe: a stranger's repository may hold these. Raises
    OSError.
    """
    with open(path, "rb", opener=_plain) as file:
        return file.read()


def _plain(path: str, flags: int) -> int:
    """Open a file where it is. Through a link, the text of a stranger's cards would come into any
    file of this user.
    """
    if Path(path).is_symlink():  # where the system cannot refuse it by itself
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    descriptor = os.open(
        path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o666
    )
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
    return descriptor


def seal(owner: bytes, text: bytes) -> bytes:
    """What proves that this user's ankipress wrote a text, for an owner of 64 bytes or less: 32
    hexadecimal digits.
    """
    return (
        blake2b(text, key=blake2b(owner, key=_secret()).digest(), digest_size=_SEAL // 2)
        .hexdigest()
        .encode()
    )


def _secret() -> bytes:
    """This user's secret, made at first need; where it cannot be kept, one for this build alone."""
    path = Path(click.get_app_dir("ankipress")) / "cache-secret"
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), open(path, "xb", opener=_private) as file:
            file.write(secrets.token_bytes(32))
        secret = path.read_bytes()
        if len(secret) == 32:
            return secret
    return secrets.token_bytes(32)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
