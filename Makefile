# ankipress: `make` lists the targets. Nothing but Python 3.11 or later, make and git is needed; the rest is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(if $(filter Windows_NT,$(OS)),$(VENV)/Scripts,$(VENV)/bin)

.DEFAULT_GOAL := help
.PHONY: help deck site test quick check fix pictures screenshots test-anki test-live fuzz kills pairs mutants release-artifacts lock clean attacks

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deck: $(VENV)/.run ## Build the first deck into build/
	@$(BIN)/python -m ankipress build

site: $(VENV)/.run ## Write the pages of the first deck into build/site/ (run make deck before)
	@$(BIN)/python -m ankipress site

# A process for each core. Tests of one group, such as those in the browser, share a process.
PYTEST = $(BIN)/python -m pytest -n auto --dist loadgroup

test: $(VENV)/.dev ## Run all tests (about a quarter of an hour on two cores)
	@$(PYTEST)

quick: $(VENV)/.dev ## Run the tests that need no browser, no Anki and no waiting (three minutes)
	@$(PYTEST) -m quick

attacks: $(VENV)/.dev ## Let every command meet every attack that concerns it (some ten minutes)
	@ANKIPRESS_ALL_ATTACKS=1 $(PYTEST) tests/security

check: $(VENV)/.dev ## Check format, lint, types, density, drawings and workflows (make fix fixes the first two)
	@$(BIN)/ruff format --check . || { echo "make fix formats these files"; exit 1; }
	@$(BIN)/ruff check . || { echo "make fix fixes what can be fixed"; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/python scripts/measure_density.py src
	@$(BIN)/python scripts/draw_media.py --check
	@$(BIN)/python scripts/write_code_themes.py --check
	@$(BIN)/python scripts/write_schemas.py --check
	@$(BIN)/python scripts/check_workflows.py

fix: $(VENV)/.dev ## Format, and fix lint where that is safe
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

test-anki: $(VENV)/.dev ## Import and update a deck in seven versions of Anki
	@$(BIN)/python scripts/test_anki_versions.py
	@$(BIN)/python scripts/forecast_versions.py

test-live: $(VENV)/.dev ## Push into a running Anki and pull from it (fetches Anki with Qt, and AnkiConnect)
	@$(BIN)/python scripts/test_live_anki.py

pictures: $(VENV)/.dev ## Draw the pictures of cards and of the first deck (needs Chromium)
	@$(BIN)/python scripts/draw_media.py
	@$(BIN)/python scripts/draw_cards.py
	@$(BIN)/python scripts/draw_import.py

screenshots: $(VENV)/.dev ## Photograph every card of the showcase into build/screenshots/ (needs Chromium)
	@$(BIN)/python scripts/screenshots.py

fuzz: $(VENV)/.fuzz ## Fuzz every stage, a minute each (Linux; SECONDS=600 for longer)
	@$(BIN)/python scripts/fuzz.py --seconds $(or $(SECONDS),60)

kills: $(VENV)/.dev ## Kill 550 builds and 660 commands that write, and look at what is left (half an hour)
	@$(BIN)/python scripts/kill_builds.py --kills 330
	@$(BIN)/python scripts/kill_commands.py --kills 40

pairs: $(VENV)/.dev ## Run every two commands that write at once, eight times (a quarter of an hour)
	@$(BIN)/python scripts/pair_commands.py --rounds 8

mutants: $(VENV)/.dev ## Break the code in 150 places and count what the tests miss (ten minutes; SAMPLE=0 for all)
	@$(BIN)/python scripts/mutants.py --sample $(or $(SAMPLE),150)

release-artifacts: $(VENV)/.run ## Build the files of a release again (TAG=…, else of what is checked out)
	@$(BIN)/python scripts/release_artifacts.py $(TAG)

lock: $(VENV)/.dev ## Pin the requirements anew
	@$(BIN)/python scripts/pin_requirements.py

clean: ## Delete what was built and installed
	rm -rf build dist $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Two stamps, so that building the deck does not wait for the tools of the tests.
$(VENV)/.run: requirements.lock pyproject.toml
	@$(PYTHON) scripts/install.py $(VENV) requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml
	@$(PYTHON) scripts/install.py $(VENV) requirements-dev.lock
	@touch $(VENV)/.run $@

$(VENV)/.fuzz: $(VENV)/.dev requirements-fuzz.lock
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --requirement requirements-fuzz.lock
	@touch $@
