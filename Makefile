# Two commands matter: `make run` to try the portal, `make test` to run its tests. Both set up what they need.

PORT ?= 8000
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: run test check fix messages lock browser-test bench fuzz production-smoke

run: .venv/run.stamp
	@$(MANAGE) compile_translations
	@$(MANAGE) prepare --port $(PORT)
	@exec $(MANAGE) runserver 127.0.0.1:$(PORT) $(if $(filter true,$(DEBUG)),,--noreload) --verbosity 0

test: .venv/dev.stamp
	@$(MANAGE) compile_translations
	env -u DATABASE_URL $(BIN)/pytest --numprocesses 2 --ignore tests/browser --cov --cov-report term $(ARGS)
	@if [ -n "$$DATABASE_URL" ]; then \
		echo "The suite again on DATABASE_URL"; $(BIN)/pytest --numprocesses 2 --ignore tests/browser $(ARGS); fi
	@echo "The browser tests; without Chromium they are skipped."
	env -u DATABASE_URL $(BIN)/pytest --numprocesses 2 tests/browser

browser-test: .venv/dev.stamp
	@$(MANAGE) compile_translations
	BROWSER_REQUIRED=true $(BIN)/pytest --numprocesses 2 tests/browser $(ARGS)

# Everything the checks on a submission do.
check:
	bash .ci/run

fix: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	git ls-files -z 'templates/*.html' | xargs -0 $(BIN)/djade --target-version 5.2

# New and changed strings into the catalogue; needs gettext.
messages: .venv/dev.stamp
	$(MANAGE) makemessages --locale ar --no-location --no-obsolete --ignore .venv --ignore var
	$(MANAGE) compile_translations

# Newer versions into the locks: one lock for Python 3.11 to 3.14.
lock: .venv/dev.stamp
	for name in base s3 dev; do $(BIN)/uv pip compile --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --no-strip-extras --no-header --quiet requirements/$$name.in \
		--output-file requirements/$$name.txt; done
	date +%F > config/locked_on.txt

# Ten thousand requests that nobody would send; minutes.
fuzz: .venv/dev.stamp
	FUZZ_REQUESTS=10000 $(BIN)/pytest -q -s tests/security/test_fuzz.py

# The pieces of production on this machine's loopback, and a walk along the main paths; needs nginx, PgBouncer and GnuPG.
production-smoke: .venv/dev.stamp
	$(BIN)/python deploy/smoke.py

bench: .venv/dev.stamp
	bash bench/pages.sh

.venv/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed (PYTHON=/path/to/python names one)."; exit 1; }
	@echo "Setting up .venv with $(PYTHON) (once) ..."
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "This Python cannot make a venv; on Debian: apt install python3-venv"; exit 1; }

.venv/run.stamp: .venv/bin/python requirements/base.txt
	@$(PIP) --requirement requirements/base.txt
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	@$(PIP) --requirement requirements/dev.txt
	@touch $@
