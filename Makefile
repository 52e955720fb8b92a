# Two commands do everything on a fresh machine: `make demo` and `make test`. Both work again without a network.
PY := .venv/bin/python
# One more than there are cores, since many tests wait for a process.
WORKERS ?= $(shell n=$$(nproc); echo $$(( n < 8 ? n + 1 : 8 )))
# Tests start hundreds of processes, which would each compile what they load.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo serve-demo test peers ahead lint typecheck unit test-kit bench bless lock schemas package pictures docs containers soak clean

demo:            ## set up, then Python to WASM to moving prims, with figures and a picture
	@scripts/setup.sh demo
	@$(PY) -m portalis.translator.cli demo projectile

serve-demo:      ## Triton, a gateway and Redis on loopback; every way in, held to the embedded translator; Ctrl-C stops all of it
	@scripts/setup.sh test
	@scripts/setup.sh server
	@$(PY) scripts/serve_demo.py

test:            ## set up what tests need, then style, types and all tests
	@scripts/setup.sh test
	@$(MAKE) --no-print-directory -j2 peers lint ahead
	@$(MAKE) --no-print-directory -j2 typecheck unit

peers:
	@scripts/setup.sh server || echo 'the tests of the Triton server are skipped' >&2
	@scripts/setup.sh ui || echo 'the tests of the window on the real omni.ui are skipped' >&2

# What every process of the tests would make for itself: the library's objects, and the tests as pytest rewrites them.
ahead:
	@$(PY) -c 'from portalis.translator.translating.library_objects import library_bundle; library_bundle()'
	@$(PY) -m pytest -q --collect-only >/dev/null || true

lint:
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

typecheck:
	@.venv/bin/mypy

unit:
	@$(PY) -m pytest -n $(WORKERS) --dist worksteal -rs

test-kit:        ## the suite that ships in the extension, inside a Kit of yours: make test-kit KIT=/path/to/kit
	@KIT="$(KIT)" scripts/test_kit.sh

bench:           ## latency and frame time, side by side with what users would pick instead
	@scripts/setup.sh test
	@$(PY) -m portalis.translator.cli bench

bless:           ## regenerate golden files and written pages; review the diff
	@PORTALIS_BLESS=1 $(PY) -m pytest -q tests/frontend tests/ir tests/backends
	@$(PY) scripts/write_commands_page.py && $(PY) scripts/write_diagnostics_page.py

schemas:         ## regenerate generatedSchema.usda and plugInfo.json from schemas/schema.usda
	@$(PY) schemas/generate.py

lock:            ## write requirements.lock from what .venv holds, with locust, and the server's from .venv-server
	@$(PY) -m pip install --quiet --disable-pip-version-check -e '.[soak]'
	@$(PY) -m pip freeze --exclude-editable | grep -v '^portalis' > requirements.lock
	@[ ! -d .venv-server ] || $(PY) -m pip --python .venv-server/bin/python freeze > requirements-server.lock

package:         ## the release of the Kit extensions for this platform and Python, in dist/
	@scripts/setup.sh test
	@$(PY) scripts/package.py

pictures:        ## take the window's pictures again; look at them
	@scripts/setup.sh ui
	@PORTALIS_PICTURES=$(CURDIR)/docs/pictures .venv-ui/bin/python -m pytest -q tests/ui/widgets tests/kit/session/test_places.py
	@$(PY) scripts/shrink_pictures.py docs/pictures
	@$(PY) scripts/draw_icon.py
	@$(PY) scripts/draw_pages.py
	@$(PY) scripts/draw_playground.py

docs:            ## the site of the documents, in build/site; a warning is an error
	@scripts/setup.sh docs
	@$(PY) scripts/build_site.py

soak:            ## ten minutes of a gateway with 2,000 users and a tenfold spike; nothing fails, nothing grows
	@scripts/setup.sh soak
	@$(PY) benchmarks/gateway_soak.py --output benchmarks/gateway_soak.json

containers:      ## the gateway's two containers, by buildah; then what they are, by podman (Debian, root)
	@scripts/setup.sh server
	@$(PY) scripts/build_containers.py
	@$(PY) scripts/measure_containers.py

clean:
	rm -rf .venv .venv-server .venv-ui build dist out
