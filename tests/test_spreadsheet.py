"""The instrument of 2019 a third time: as the formulas of a spreadsheet, worked out by LibreOffice.

The formulas are written from PermenPANRB 38/2018 and Peraturan BKN 8/2019 as an office would
write them into its own workbook; they share neither code nor tables with the library. `openpyxl`
writes them without values, so whatever stands in the result was worked out by LibreOffice.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from test_second_instrument import generated

from ipasn_lib.index.score import score
from ipasn_lib.law.instrument import Instrument

PEOPLE = 2_000
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")

# A kelompok jabatan, B pendidikan, C pim, D fungsional, E JP teknis, F seminar, G SKP, H hukuman
FORMULAS = {
    "kualifikasi": '=IF(OR(B{r}="S3",B{r}="Subspesialis"),25,'
    'IF(OR(B{r}="S2",B{r}="Spesialis"),20,IF(OR(B{r}="S1",B{r}="D4",B{r}="Profesi"),15,'
    'IF(B{r}="D3",10,IF(OR(B{r}="D2",B{r}="D1",B{r}="SLTA"),5,1)))))',
    "kompetensi": '=IF(A{r}="pelaksana",22.5*(E{r}>=20)+17.5*F{r},'
    '15*IF(A{r}="struktural",C{r},D{r})+15*(E{r}>=20)+10*F{r})',
    "kinerja": '=IF(G{r}="",0,IF(G{r}>90,30,IF(G{r}>75,25,IF(G{r}>60,15,IF(G{r}>50,5,1)))))',
    "disiplin": '=5-2*(H{r}="ringan")-3*(H{r}="sedang")-4*(H{r}="berat")',
    "indeks": "=I{r}+J{r}+K{r}+L{r}",
    "kategori": '=IF(M{r}>=91,"Sangat Tinggi",IF(M{r}>=81,"Tinggi",IF(M{r}>=71,"Sedang",'
    'IF(M{r}>=61,"Rendah","Sangat Rendah"))))',
}
INPUTS = (
    *("kelompok_jabatan", "jenjang_pendidikan", "diklat_kepemimpinan", "diklat_fungsional"),
    *("jp_diklat_teknis", "seminar", "nilai_kinerja", "hukuman_disiplin"),
)


def worked_out(people: pd.DataFrame, folder: Path, formulas: dict[str, str]) -> pd.DataFrame:
    """Write people and formulas, have LibreOffice work them out, and read what it found."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*INPUTS, *formulas])
    for r, person in enumerate(people[list(INPUTS)].itertuples(index=False), start=2):
        values = [int(v) if isinstance(v, bool) else v for v in person]
        values = [None if pd.isna(v) else v for v in values]
        sheet.append([*values, *(text.format(r=r) for text in formulas.values())])
    book.save(folder / "rumus.xlsx")
    command = [
        SOFFICE,
        "--headless",
        "--norestore",
        f"-env:UserInstallation=file://{folder}/profil",
    ]
    command += ["--convert-to", "ods", "--outdir", str(folder), str(folder / "rumus.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    found = pd.read_excel(folder / "rumus.ods", engine="calamine")
    return found[list(formulas)].set_axis(people.index)


def differences(people: pd.DataFrame, law: Instrument, found: pd.DataFrame) -> int:
    """Count the people for whom spreadsheet and library do not agree to the half point."""
    ours = score(people, law)
    assert (ours["status_ukur"] == "terukur").all()
    points = list(FORMULAS)[:-1]
    same = (ours[points].to_numpy() == found[points].to_numpy()).all(axis=1)
    same &= ours["kategori"].astype(str).to_numpy() == found["kategori"].to_numpy()
    return int((~same).sum())


@pytest.mark.assure
@pytest.mark.skipif(
    SOFFICE is None,
    reason="no LibreOffice: apt-get install --no-install-recommends libreoffice-calc",
)
def test_a_spreadsheet_with_live_formulas_agrees(law2019, tmp_path, assurance):
    people = generated(PEOPLE * 2, seed=5)
    people = people.loc[people["jenis_asn"] == "PNS"].head(PEOPLE)
    assert len(people) == PEOPLE
    found = differences(people, law2019, worked_out(people, tmp_path, FORMULAS))
    # ... and it would notice: 21 hours in place of 20
    wrong = {**FORMULAS, "kompetensi": FORMULAS["kompetensi"].replace(">=20", ">=21")}
    noticed = differences(people, law2019, worked_out(people, tmp_path, wrong))
    assurance.record(
        promise="No wrong number passes",
        tried="the 2019 instrument written a third time, as live formulas of a spreadsheet, worked "
        "out by LibreOffice; the same formulas with 21 for 20 hours of training",
        count=PEOPLE,
        outcome=f"{found} differences; {noticed:,} with the wrong number",
    )
    assert found == 0
    assert noticed > 100
