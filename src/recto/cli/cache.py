"""What was worked out in earlier builds, in `build/.cache/`: safe to delete, safe to share between builds, and not trusted.

One file of lines: name, seal, result. A build appends what is new, and writes the file anew when most of it is of no more use.
The seal is a digest with a secret that only this user's recto knows, so neither a damaged disk nor a folder that came with a
stranger's repository can put anything into a package: a line that does not agree is worked out again.
"""

from __future__ import annotations

import errno
import functools
import os
import secrets
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b, sha256
from pathlib import Path

import click

import recto
from recto.archive import write_files

_FILE = "entries-1"
_NAME, _SEAL = 40, 32  # hexadecimal digits
_FEWEST = 200  # results that are worth a file
_BUFFER = 2**18  # bytes
_SPARE, _WORN = 16 * 2**20, 4  # a file is written anew when it has this many bytes more than so many times what is in use


class Cache:
    """Results of earlier builds. A cache that cannot be read or written is none: it is never a reason to fail.

    Without a folder nothing is read or kept. `generation` stands for all that makes results different for the same key: the
    versions of the programs.
    """

    def __init__(self, folder: Path | None, generation: bytes) -> None:
        self._path, self._generation = folder / _FILE if folder else None, generation
        self._lines: Mapping[bytes, bytes] | None = None
        self._used: dict[bytes, bytes] = {}
        self._fresh: dict[bytes, str] = {}
        self._size = 0

    def recall(self, keys: Sequence[bytes]) -> Mapping[bytes, str]:
        """Those of some results that are known, and are as they were kept."""
        lines = self._read()
        found = {}
        for key in keys:
            name = self._name(key)
            line = lines.get(name)
            if line is not None and line[_NAME : _NAME + _SEAL] == self._sealed(name, line[_NAME + _SEAL :]):
                self._used[name] = line
                found[key] = line[_NAME + _SEAL :].decode("utf-8", "surrogatepass")
        return found

    def keep(self, results: Mapping[bytes, str]) -> None:
        """Remember some results, from the next `write` on."""
        self._fresh |= {self._name(key): result for key, result in results.items() if "\n" not in result}

    def write(self) -> None:
        """Write what is new, where that is possible and worth it: what few cards take is no more than a cache would."""
        if self._path is None or (len(self._fresh) < _FEWEST and not self._size):
            return
        in_use = sum(map(len, self._used.values())) + sum(map(len, self._fresh.values()))  # or a little more
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._size > _WORN * in_use + _SPARE:
                write_files({self._path: b"".join((*(line + b"\n" for line in self._used.values()), *self._lines_of_fresh()))})
            elif self._fresh:
                with open(self._path, "ab", _BUFFER, opener=_plain) as file:
                    file.write(b"\n")  # what an interrupted build left behind ends here
                    file.writelines(self._lines_of_fresh())

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

    def _lines_of_fresh(self) -> Iterator[bytes]:
        for name, text in self._fresh.items():
            result = text.encode("utf-8", "surrogatepass")
            yield b"".join((name, self._sealed(name, result), result, b"\n"))

    def _sealed(self, name: bytes, result: bytes) -> bytes:
        seal = self._unsealed.copy()
        seal.update(name)
        seal.update(result)
        return seal.hexdigest().encode()


def generation(*more: str) -> bytes:
    """What stands for the programs: recto's own text, Python, every installed distribution with its version, and more."""
    digest = sha256(f"{recto.__version__}\0{sys.version}\0".encode())
    for file in sorted(Path(recto.__file__).parent.rglob("*")):
        if file.suffix in {".py", ".css", ".html", ".toml"}:
            digest.update(file.read_bytes())
    for name in sorted(_distributions()):
        digest.update(f"{name}\0".encode("utf-8", "surrogateescape"))
    for text in more:
        digest.update(f"{text}\0".encode())
    return digest.digest()


def _distributions() -> set[str]:
    """The folders that describe what is installed, by name and version; read faster than by importlib.metadata."""
    found: set[str] = set()
    for folder in sys.path:
        with suppress(OSError):
            found.update(name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info")))
    return found


def read_plain(path: Path) -> bytes:
    """What is in a file that is no link and no pipe: a stranger's repository may hold these. Raises OSError."""
    with open(path, "rb", opener=_plain) as file:
        return file.read()


def _plain(path: str, flags: int) -> int:
    """Open a file where it is. Through a link, the text of a stranger's cards would come into any file of this user."""
    if Path(path).is_symlink():  # where the system cannot refuse it by itself
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
    descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0), 0o666)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
    return descriptor


def seal(owner: bytes, text: bytes) -> bytes:
    """What proves that this user's recto wrote a text, for an owner of 64 bytes or less: 32 hexadecimal digits."""
    return blake2b(text, key=blake2b(owner, key=_secret()).digest(), digest_size=_SEAL // 2).hexdigest().encode()


def _secret() -> bytes:
    """This user's secret, made at first need; where it cannot be kept, one for this build alone."""
    path = Path(click.get_app_dir("recto")) / "cache-secret"
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
