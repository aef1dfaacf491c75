"""Other people's schedulers: jupyter-scheduler runs the notebooks, Airflow calls the commands."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from click import Context
from test_notebooks import outputs_of
from typer.main import get_command

from ipasn_lib.cli.app import app
from ipasn_lib.records.prepared import open_prepared
from ipasn_lib.reports.batch import Job, run_batch

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "notebooks" / "01_laporan_kabkota.ipynb"
GUIDE = ROOT / "docs" / "panduan" / "menjadwalkan.md"

# What jupyter-scheduler does for a job given in its form, with its own executor and database.
JUPYTER = """
import json, sys
from pathlib import Path
from jupyter_scheduler.executors import DefaultExecutionManager
from jupyter_scheduler.orm import Job, create_session, create_tables
here, notebook, given = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
url = f"sqlite:///{here}/pekerjaan.sqlite"
create_tables(url)
staged = here / "masukan.ipynb"
staged.write_bytes(notebook.read_bytes())
paths = {"input": str(staged), **{k: str(here / f"laporan.{k}") for k in ("ipynb", "html")}}
with create_session(url)() as session:
    session.add(Job(
        job_id="1", name="01", input_filename=staged.name, runtime_environment_name="python3",
        parameters=given, output_formats=["ipynb", "html"], url="/jobs/1",
    ))
    session.commit()
DefaultExecutionManager("1", str(here), url, paths).process()
with create_session(url)() as session:
    print(session.query(Job).one().status)
"""


def jupyter(folder: Path, given: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", JUPYTER, str(folder), str(PLACE), json.dumps(given)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_jupyter_scheduler_makes_the_same_report_from_the_guides_example(tmp_path):
    """The parameters as the guide has them typed into the form."""
    rows = re.findall(r"^\| `(\w+)` \| `(.*?)` \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    given = {name: value.replace("/srv/ipasn/data/private/siap", str(ROOT / "data" / "sample"))
             for name, value in rows}  # fmt: skip
    assert set(given) == {"kode_kabkota", "tahun", "data", "bahasa"}
    assert jupyter(tmp_path, given) == "COMPLETED"
    page = (tmp_path / "laporan.html").read_text(encoding="utf-8")
    assert "DATA SINTETIS" in page
    assert "Kota Kediri" in page
    # as our own batch shows it
    words = {"kode_kabkota": "3571", "tahun": 2022, "data": str(open_prepared(None, 2022).folder)}
    job = Job("ini", PLACE, words, tmp_path / "r" / "ini")
    assert run_batch([job], root=tmp_path / "r", journal=tmp_path / "j", progress="diam").ok
    ours, theirs = (
        outputs_of(nbformat.read(path, 4))
        for path in (job.out / "laporan.ipynb", tmp_path / "laporan.ipynb")
    )
    assert ours == theirs
    assert len(ours) >= 15


def test_jupyter_scheduler_calls_a_wrong_parameter_failed(tmp_path):
    assert jupyter(tmp_path, {"kode_kabkota": '"9999"'}) == "FAILED"


def parsed(words: list[str]) -> Context:
    command = get_command(app)
    return command.commands[words[0]].make_context(words[0], words[1:], resilient_parsing=False)


@pytest.fixture
def airflow(monkeypatch):
    """Airflow's two names, as far as the example calls them: what they are given is kept."""
    made = []

    class Dag:
        def __init__(self, **given):
            made.append(given)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

    class Operator:
        def __init__(self, **given):
            made.append(given)

        def __rshift__(self, after):
            made.append((self, after))

    for name, kept in (
        ("airflow", {"DAG": Dag}),
        ("airflow.operators", {}),
        ("airflow.operators.bash", {"BashOperator": Operator}),
    ):
        module = ModuleType(name)
        vars(module).update(kept)
        monkeypatch.setitem(sys.modules, name, module)
    return made


def test_the_airflow_example_calls_commands_that_there_are(airflow, monkeypatch, tmp_path):
    path = ROOT / "docs" / "contoh" / "airflow_ipasn.py"
    exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), {})
    (dag, *tasks, order) = airflow
    assert dag["max_active_runs"] == 1
    assert len(order) == 2
    assert [task["task_id"] for task in tasks] == ["report", "verify"]
    (tmp_path / "data" / "private" / "2024").mkdir(parents=True)
    (tmp_path / "reports" / "2024").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    for task in tasks:
        before, words = task["bash_command"].split(" .venv/bin/ipasn ")
        assert before == "cd /srv/ipasn &&"
        parsed(words.split())
    with pytest.raises(Exception, match="No such option"):
        parsed(["report", "--datanya", "x"])


def test_the_prefect_example_of_the_guide_calls_a_command_that_there_is(monkeypatch, tmp_path):
    (block,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    calls = [n for n in ast.walk(ast.parse(block)) if isinstance(n, ast.List)]
    (words,) = [ast.literal_eval(call) for call in calls]
    assert words[0] == ".venv/bin/ipasn"
    (tmp_path / "data" / "private" / "2024").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    parsed(words[1:])
