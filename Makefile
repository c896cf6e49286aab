# Two commands do everything on a machine with Python 3.11 and node:
#   make demo    a virtual environment, histor in it, and its main job on real input
#   make test    a virtual environment, everything that the tests need, and the tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check docs clean

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

# The page as users get it; browser tests are skipped, and say so, where node or Chromium cannot be had.
src/histor/web/static/index.html: $(shell find frontend/src frontend/public -type f 2>/dev/null) frontend/package-lock.json
	if command -v npm >/dev/null; then cd frontend && npm ci --no-audit --no-fund --loglevel=error && npm run build; fi

$(VENV)/browser:
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || true
	@mkdir -p $(VENV) && touch $@

test: $(VENV)/develop $(VENV)/data/gazetteer.sqlite $(VENV)/browser src/histor/web/static/index.html
	HISTOR_DATA=$(abspath $(VENV))/data $(BIN)/pytest -n 2

check: $(VENV)/develop
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mkdocs build --strict --quiet --site-dir site

docs: $(VENV)/develop
	$(BIN)/mkdocs serve

clean:
	rm -rf $(VENV) site build dist .mypy_cache .ruff_cache .pytest_cache
