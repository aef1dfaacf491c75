# A thin face over uv and the command line. `make help` lists what there is.

UV_VERSION := 0.13.9
# uv from the PATH if it is there, else one of our own, installed from the Python registry.
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --no-sync
export UV_PYTHON_DOWNLOADS := never
# Offices often stand behind a proxy with a certificate of its own: trust what the system trusts.
export UV_SYSTEM_CERTS := true
# Compile what is installed once: where Python may not write beside its modules it would compile
# them at every start, and a batch starts with two thousand.
export UV_COMPILE_BYTECODE := 1

TAHUN ?= 2022
KABKOTA ?=
DATA ?=
OUT ?= reports
# of make mutasi and make fuzz
N ?= 30
TIME ?= 600
READERS := csv json xlsx xls parquet zip instrument parameters

.DEFAULT_GOAL := help
.PHONY: help report test assure mutasi fuzz lab latihan env env-dev lint types unit sample gambar bench sbom audit clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

report: env ## all reports into reports/ (DATA=folder TAHUN=2022 KABKOTA="3510 3578" to choose)
	$(RUN) ipasn report --tahun $(TAHUN) --out $(OUT) $(if $(DATA),--data "$(DATA)") $(foreach k,$(KABKOTA),--kabkota $(k))

test: env-dev lint types unit ## lint, types and tests

assure: env-dev ## the heavy half of the tests (one wants LibreOffice Calc); writes docs/assurance.md
	OMP_NUM_THREADS=1 IPASN_JAMINAN=.assurance.json $(RUN) pytest -q -n 2 --dist loadfile -m assure; \
	ended=$$?; $(RUN) python tests/assurance.py .assurance.json docs/assurance.md && exit $$ended

lab: env ## open JupyterLab at its start page, notebooks/mulai.ipynb
	$(RUN) jupyter lab --notebook-dir=. --LabApp.default_url=/lab/tree/notebooks/mulai.ipynb

latihan: $(UV) ## the exercise as a page, without code, for a hall (Voila)
	$(UV) sync --quiet --frozen --no-dev --inexact --extra latihan
	$(RUN) voila notebooks/10_latihan.ipynb

sample: env ## rebuild what the maintainers make: data/sample, the pages' typeface
	$(RUN) python data/build_sample.py
	$(RUN) python data/build_typeface.py

gambar: env-dev ## redraw docs/gambar: the style's specimens, the contact sheets, README's pictures
	$(RUN) python docs/build_style.py
	$(RUN) python docs/build_contact.py

bench: env-dev ## the benchmarks, each beside what a user would otherwise do
	for f in benchmarks/bench_*.py; do $(RUN) python $$f || exit 1; done

mutasi: env-dev ## mutation tests of law and index, N mutants a file (30: ten minutes of a core); writes docs/mutasi.md
	$(UV) sync --quiet --frozen --inexact --group mutasi
	$(RUN) python tests/mutasi.py $(N) .mutasi docs/mutasi.md

fuzz: env-dev ## fuzz every reader of foreign files, TIME seconds each; writes docs/fuzz.md
	$(UV) sync --quiet --frozen --inexact --group fuzz
	mkdir -p .fuzz
	for r in $(READERS); do \
	  OMP_NUM_THREADS=1 $(RUN) python tests/fuzz/readers.py $$r .fuzz/$$r -print_final_stats=1 \
	    -max_total_time=$(TIME) -artifact_prefix=.fuzz/$$r- > .fuzz/$$r.log 2>&1; done; \
	$(RUN) python tests/fuzz/page.py .fuzz docs/fuzz.md $(READERS)

sbom: $(UV) ## what the lock file installs, as CycloneDX -> dist/sbom.cdx.json
	mkdir -p dist
	$(UV) export --quiet --frozen --no-dev --no-emit-project --format cyclonedx1.5 -o dist/sbom.cdx.json

audit: $(UV) ## ask pip-audit about known faults (needs a network that reaches the service)
	mkdir -p dist
	$(UV) export --quiet --frozen --no-dev --no-emit-project --format requirements.txt -o dist/requirements.txt
	$(UV) tool run pip-audit --disable-pip --strict -r dist/requirements.txt

lint: env-dev
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) bandit -q -c pyproject.toml -r ipasn_lib data

types: env-dev
	$(RUN) mypy

unit: env-dev
	OMP_NUM_THREADS=1 $(RUN) pytest -q -n 2 --dist loadfile -m "not assure"

env: $(UV) ## make the environment from the lock file
	$(UV) sync --quiet --frozen --no-dev --inexact

env-dev: $(UV)
	$(UV) sync --quiet --frozen

.tools/bin/uv:
	python3 -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

clean: ## remove what was made, except reports and private data
	rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .hypothesis
