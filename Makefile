PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet
lock:
	$(UV_COMPILE) --upgrade --group build --group model -o requirements.lock
	$(UV_COMPILE) --upgrade --group build --group model --group dev -c requirements.lock -o requirements-dev.lock
