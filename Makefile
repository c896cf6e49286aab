# Two commands do everything on a machine with Python 3.11 and node:
#   make demo    a virtual environment, histor in it, and its main job on real input
#   make test    a virtual environment, everything that the tests need, and the tests
# and more: make reliability (what is promised, shown), make browser (the page in a real browser), make check (style, types, layers, docs), make docs
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test browser browser-where-possible screenshots check docs clean reliability reliability-long

$(VENV)/runtime: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/develop: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ $(VENV)/runtime

demo: $(VENV)/runtime
	$(BIN)/histor demo

# Tests look places up in a gazetteer of their own, not in the user's.
$(VENV)/data/gazetteer.sqlite: $(VENV)/develop $(wildcard src/histor/resolve/data/*) src/histor/store/gazetteer.py
	HISTOR_DATA=$(abspath $(VENV))/data $(BIN)/histor gazetteer build

test: $(VENV)/develop $(VENV)/data/gazetteer.sqlite
	HISTOR_DATA=$(abspath $(VENV))/data $(BIN)/pytest -n 2 --ignore=tests/web/test_browser.py --ignore=tests/browser

# The page as users get it, in Debian's Chromium; the script installs what it needs where it can.
src/histor/web/static/index.html: $(shell find frontend/src frontend/public -type f 2>/dev/null) frontend/package-lock.json
	cd frontend && npm install --no-save --no-audit --no-fund --loglevel=error && npm run check && npm test && npm run build

browser: $(VENV)/develop $(VENV)/data/gazetteer.sqlite src/histor/web/static/index.html
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; }
	HISTOR_DATA=$(abspath $(VENV))/data $(BIN)/pytest tests/web/test_browser.py tests/browser

# The same where a Chromium and node are there or root can install Chromium; it says so loudly where they are not.
browser-where-possible: $(VENV)/develop
	@lacking=""; \
	command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || lacking="chromium"; \
	command -v npm >/dev/null || $(MAKE) -q src/histor/web/static/index.html 2>/dev/null || lacking="$$lacking node"; \
	if [ -z "$$lacking" ]; then $(MAKE) browser; \
	else printf '\n!!! THE BROWSER TESTS WERE NOT RUN: there is no %s here, and it cannot be installed.\n!!! Run make browser where there is.\n\n' "$$lacking"; fi

# The pictures in docs/images.
screenshots: $(VENV)/develop $(VENV)/data/gazetteer.sqlite src/histor/web/static/index.html
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; }
	HISTOR_DATA=$(abspath $(VENV))/data $(BIN)/python docs/tools/screenshots.py

check: $(VENV)/develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mkdocs build --strict --quiet --site-dir site

# Every promise of docs/reference/reliability.md with the tests that show it, as a table.
reliability: $(VENV)/develop $(VENV)/data/gazetteer.sqlite
	HISTOR_DATA=$(abspath $(VENV))/data $(BIN)/python -m benchmarks reliability --data tests

# About an hour on two quiet cores: more repetitions, Ray; the table goes into the page. One promise: --only NAME.
reliability-long: $(VENV)/develop $(VENV)/data/gazetteer.sqlite
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[ray]'
	HISTOR_DATA=$(abspath $(VENV))/data $(BIN)/python -m benchmarks reliability --data tests --part long --predictions docs/reference/reliability.md

docs: $(VENV)/develop
	$(BIN)/mkdocs serve

clean:
	rm -rf $(VENV) site build dist .mypy_cache .ruff_cache .pytest_cache
