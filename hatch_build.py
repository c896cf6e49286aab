"""Builds the front end into the package when a wheel or sdist is made and the bundle is missing.

Without node the build goes on: the command line and the API work, and `histor serve` and `histor doctor` say what is missing (a
warning here would not be seen under pip).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface[Any]):
    """Runs ``npm install`` (by the lock file) and ``npm run build`` in `frontend/`."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build unless the bundle is there, the install is editable, or ``HISTOR_NO_FRONTEND`` is set."""
        root = Path(self.root)
        index = root / "src" / "histor" / "web" / "static" / "index.html"
        source = root / "frontend"
        npm = shutil.which("npm")
        if (
            index.is_file()
            or version == "editable"
            or not source.is_dir()
            or npm is None
            or os.environ.get("HISTOR_NO_FRONTEND")
        ):
            return
        try:
            for command in ([npm, "install", "--no-save", "--no-audit", "--no-fund"], [npm, "run", "build"]):
                subprocess.run(command, cwd=source, check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            self.app.display_warning(f"the front end was not built ({error}); histor works without it")
