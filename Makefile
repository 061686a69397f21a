# One place for every command a person needs; `make help` lists them.
PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?= -n 2 --dist loadfile --no-loadscope-reorder
BIN := .venv/bin
LOCKS := requirements-build.lock requirements.lock

.PHONY: help demo test check lint lock pictures map clean
.DEFAULT_GOAL := help

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

demo: .venv/.installed ## the demonstration bureau on http://127.0.0.1:8000 (PORT=8010, FRESH=1)
	@exec $(BIN)/monitor demo --port $(PORT) $(if $(FRESH),--fresh)

test: .venv/.installed-dev ## every test (BROWSER=no leaves out those that need chromium)
ifeq ($(BROWSER),no)
	$(BIN)/python -m pytest $(PYTEST_ARGS) -m "not journey"
else
	@sh scripts/browser.sh
	$(BIN)/python -m pytest $(PYTEST_ARGS)
endif

lint: .venv/.installed-dev ## format, lint, types, import law
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## what a change must pass

lock: ## reckon the lock files anew (UPGRADE=1 takes newer versions)
	@PYTHON="$(PYTHON)" UPGRADE="$(UPGRADE)" sh scripts/lock.sh

pictures: .venv/.installed-dev ## take the pictures of README and handbook anew
	@sh scripts/browser.sh
	$(BIN)/python scripts/pictures.py

map: ## draw the rooms of docs/house.md anew
	@$(PYTHON) scripts/house_map.py

clean: ## remove what was installed and built; keeps var/, the data
	rm -rf .venv dist build

.venv/.installed: $(LOCKS) pyproject.toml
	@PYTHON="$(PYTHON)" sh scripts/install.sh requirements.lock
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	@PYTHON="$(PYTHON)" sh scripts/install.sh requirements-dev.lock
	@touch $@
