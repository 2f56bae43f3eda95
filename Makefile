# Two commands on a fresh machine: `make run` and `make test`. Everything else is for developers.
VENV ?= .venv
PY := $(VENV)/bin/python
MINUTES ?= 10
SECONDS ?= 60

.PHONY: run test lint unit environment integration-packages bench profile fuzz soak deb clean

run: environment
	$(VENV)/bin/vitalgate demo --config config/demo.yml $(if $(ONCE),--once)

test: environment integration-packages
	@$(MAKE) --no-print-directory lint
	$(PY) -m pytest -q --durations=5

lint: environment
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

unit: environment
	$(PY) -m pytest -q tests/unit tests/property

environment: $(VENV)/.done

$(VENV)/.done: pyproject.toml
	@sh tests/setup/environment.sh $(VENV)
	@touch $@

integration-packages:
	@sh tests/setup/packages.sh

bench: environment
	$(PY) -m bench

profile: environment
	$(PY) -m bench.profile

fuzz: environment
	@$(VENV)/bin/pip install -q -e '.[fuzz]'
	$(PY) -m tests.fuzz --seconds $(SECONDS)

soak: environment integration-packages
	$(PY) -m tests.soak --minutes $(MINUTES)

deb: environment
	sh systemd/deb/build.sh

clean:
	rm -rf $(VENV) var dist build
