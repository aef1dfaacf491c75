"""Contoh DAG Airflow: laporan bulanan IP ASN oleh perintah yang sama dengan di terminal.

Salin ke folder ``dags`` dan sesuaikan tiga nilai di bawah. Airflow tidak perlu memasang
pustaka ini: perintahnya berjalan di lingkungan proyek sendiri.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

PROYEK = "/srv/ipasn"
DATA = "data/private/2024"
TAHUN = 2024

PERINTAH = (
    f"report --data {DATA} --tahun {TAHUN} --out reports --surat pengelola@instansi.go.id",
    f"verify reports/{TAHUN}",
)
"""Yang dijalankan berturut-turut; status keluar selain 0 menggagalkan tugasnya."""

with DAG(
    dag_id="ipasn_bulanan",
    schedule="0 2 1 * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    # Dua proses tidak dapat menulis folder yang sama; yang kedua berhenti dengan status 2.
    max_active_runs=1,
    default_args={"retries": 1, "retry_delay": timedelta(minutes=10)},
) as dag:
    laporan, periksa = (
        BashOperator(
            task_id=perintah.split()[0],
            bash_command=f"cd {PROYEK} && .venv/bin/ipasn {perintah}",
            execution_timeout=timedelta(hours=2),
        )
        for perintah in PERINTAH
    )
    laporan >> periksa
