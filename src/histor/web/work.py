"""Long work in the background: one thread takes jobs in turn, shows how far they are, and can be told to stop.

What a job is, and how far it came, stands in the project; after a restart those that had not ended are taken up again. Every
kind of job may be run twice to the same end.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from histor.jobs.clock import now
from histor.model.errors import HistorError
from histor.store.access import Job
from histor.store.project import Project


class Cancelled(Exception):
    """The job was told to stop."""


class Report(Protocol):
    """How a job says how far it is; raises Cancelled when it is to stop."""

    def __call__(self, done: int, total: int | None = None, message: str | None = None) -> None: ...


Work = Callable[[Project, Mapping[str, Any], Report], dict[str, Any]]


class Worker:
    """Runs the jobs of a project; `start` and `stop` go with the server."""

    def __init__(self, project: Project, kinds: Mapping[str, Work] | None = None) -> None:
        from histor.web.kinds import KINDS

        self._project = project
        self._kinds = KINDS if kinds is None else kinds
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to take jobs, those first that a stop had broken off."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, name="histor-jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Break off; the job at hand is taken up again at the next start."""
        self._stopping.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def add(self, kind: str, request: dict[str, Any], by: str) -> Job:
        """Put a job in line."""
        job = Job(secrets.token_hex(12), kind, "waiting", 0, None, None, request, None, by, now(), None, None, False)
        with self._project.write() as transaction:
            transaction.access.add_job(job)
            transaction.access.note(now(), by, f"job {kind}", job.id)
        self._wake.set()
        return job

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._project.read() as transaction:
                waiting = transaction.access.unfinished()
            if not waiting:
                self._wake.wait(timeout=5)
                self._wake.clear()
                continue
            self._do(waiting[0])

    def _do(self, job: Job) -> None:
        self._change(job, state="running", began_at=job.began_at or now())
        try:
            result = self._kinds[job.kind](self._project, job.request, self._report(job))
            self._change(job, state="done", result=result, ended_at=now())
        except Cancelled:
            if not self._stopping.is_set():
                self._change(job, state="cancelled", ended_at=now())
        except HistorError as error:
            self._change(job, state="failed", message=str(error)[:1000], ended_at=now())
        except Exception as error:  # a fault of ours ends the job, not the server
            self._change(job, state="failed", message=f"{type(error).__name__}: {error}"[:1000], ended_at=now())

    def _report(self, job: Job) -> Report:
        def report(done: int, total: int | None = None, message: str | None = None) -> None:
            with self._project.read() as transaction:
                held = transaction.access.job(job.id)
            if self._stopping.is_set() or held is None or held.cancel:
                raise Cancelled
            self._change(job, done=done, total=total, message=message)

        return report

    def _change(self, job: Job, **changes: Any) -> None:
        with self._project.write() as transaction:
            transaction.access.change_job(job.id, **changes)
