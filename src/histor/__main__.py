"""``python -m histor``."""

from histor.cli.main import main

main()
