# Two commands: `make run` opens the chat, `make test` runs every test. Both install first, and only what changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install run test soak browser lint lock clean

install: $(VENV)/installed
	@true

$(VENV)/installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint requirements.lock --editable .
	touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(BIN)/pip install --quiet --constraint requirements.lock --editable '.[test,mcp]'
	touch $@

run: install
	$(BIN)/python app.py

test: install $(VENV)/installed-test browser
	$(BIN)/pytest -n auto --dist loadfile

# The page is tested in a real browser: where there is none, it is installed if that needs nobody's leave.
browser:
	@command -v chromium || command -v chromium-browser || command -v google-chrome || \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null || \
	echo "There is no Chromium, so the browser tests will be skipped: sudo apt-get install chromium"

# The long forms: kills (a quarter of an hour), then fuzzing (an hour or so; examples that fail are tried first next time).
soak: install $(VENV)/installed-test
	$(BIN)/pytest -m soak
	$(BIN)/pytest --hypothesis-profile=soak tests/test_fuzz.py

lint: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Resolves the newest versions that pyproject.toml allows; torch stays pinned to the small CPU build's version.
lock:
	rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet torch==2.13.0
	$(VENV)-lock/bin/pip install --quiet '.[test,training,mcp]'
	$(VENV)-lock/bin/pip freeze --exclude article-assistant | sed 's/+cpu$$//' > requirements.lock
	rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) $(VENV)-lock build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
