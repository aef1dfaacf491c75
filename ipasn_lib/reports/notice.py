"""How a run ended, for whoever was asleep: a summary file, and a letter if one is wanted.

Counts, names of reports and reasons only; no number of an index, no data of a person.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

from ipasn_lib.errors import BatchError, ParameterError
from ipasn_lib.reports.jobs import SELESAI, TIDAK_BERUBAH, BatchResult
from ipasn_lib.wording import text

__all__ = ["SUMMARY", "Post", "post_from", "send", "summary", "write_summary"]

SUMMARY = "ringkasan.json"
LOCAL = ("localhost", "127.0.0.1", "::1")
ADDRESS = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+", re.ASCII)
SERVER = re.compile(r"(?P<host>[\w.-]+|\[[0-9a-fA-F:]+\])(?::(?P<port>\d{1,5}))?", re.ASCII)


def summary(
    result: BatchResult,
    *,
    tahun: int,
    ditolak: Sequence[tuple[str, str]],
    sintetis: bool,
    bahasa: str = "id",
    temuan: Sequence[str] = (),
    tersembunyi: Sequence[str] = (),
) -> dict[str, Any]:
    """Sum up a run as plain JSON values.

    Parameters
    ----------
    result : BatchResult
    tahun : int
        Measurement year.
    ditolak : sequence of (str, str)
        Files that were refused whole, and why.
    sintetis : bool
        Whether the people are make-believe.
    bahasa : {"id", "en"}
        Language of the reports, in which the letter is written, too.
    temuan : sequence of str
        Files that hold a personal number, and where.
    tersembunyi : sequence of str
        Places that get no report since their numbers must stay hidden.

    Returns
    -------
    dict
        The same names whatever the language, since programs read them: ``tahun``, ``bahasa``,
        ``selesai_pada`` (UTC), ``detik``, ``baik`` (nothing failed, nothing refused,
        nothing personal found, not stopped), ``dihentikan``, ``sintetis``, ``jumlah`` (how many of
        each), ``gagal`` and ``ditolak`` (name and reason), ``temuan``, ``tersembunyi``.
    """
    failed = [{"nama": r.nama, "alasan": r.kesalahan} for r in result.hasil if r.kesalahan]
    refused = [{"nama": name, "alasan": reason} for name, reason in ditolak]
    return {
        "tahun": tahun,
        "bahasa": bahasa,
        "selesai_pada": datetime.now(UTC).isoformat(timespec="seconds"),
        "detik": round(result.detik, 1),
        "baik": not (failed or refused or temuan or result.dihentikan),
        "dihentikan": result.dihentikan,
        "sintetis": sintetis,
        "jumlah": {
            SELESAI: len(result.of(SELESAI)),
            TIDAK_BERUBAH: len(result.of(TIDAK_BERUBAH)),
            "tersembunyi": len(tersembunyi),
            "gagal": len(failed),
            "berkas ditolak": len(refused),
        },
        "gagal": failed,
        "ditolak": refused,
        "temuan": list(temuan),
        "tersembunyi": list(tersembunyi),
    }


def write_summary(facts: Mapping[str, Any], folder: Path) -> Path:
    """Write ``ringkasan.json``; it appears whole."""
    path = folder / SUMMARY
    aside = folder / f".{SUMMARY}.{secrets.token_hex(4)}"
    try:
        written = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
        aside.write_text(written, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return path


@dataclass(frozen=True)
class Post:
    """Where a letter is handed in, and from whom it comes."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""


def post_from(environment: Mapping[str, str] = os.environ) -> Post:
    """Read the post office from the environment, so that no password stands in a unit file.

    ``IPASN_SMTP`` is ``host`` or ``host:port`` (587 without one), ``IPASN_SMTP_DARI`` the
    sender's address; ``IPASN_SMTP_PENGGUNA`` and ``IPASN_SMTP_SANDI`` where it wants a login.

    Raises
    ------
    ParameterError
        If it is not set or not an address.
    """
    found = SERVER.fullmatch(environment.get("IPASN_SMTP", ""))
    sender = environment.get("IPASN_SMTP_DARI", "")
    if found is None or not ADDRESS.fullmatch(sender):
        raise ParameterError(
            "a letter needs IPASN_SMTP (host or host:port) and IPASN_SMTP_DARI (the sender's "
            "address) in the environment"
        )
    return Post(
        host=found["host"].strip("[]"),
        port=int(found["port"] or 587),
        sender=sender,
        user=environment.get("IPASN_SMTP_PENGGUNA", ""),
        password=environment.get("IPASN_SMTP_SANDI", ""),
    )


def letter(facts: Mapping[str, Any], sender: str, receiver: str) -> EmailMessage:
    """Write the letter, in the language of the reports.

    Raises
    ------
    ParameterError
        If the receiver is not one address.
    """
    if not ADDRESS.fullmatch(receiver):
        raise ParameterError(f"{receiver!r} is not a mail address")
    message = EmailMessage()
    say = partial(text, bahasa=facts["bahasa"])
    outcome = say("surat_selesai" if facts["baik"] else "surat_perlu_diperiksa")
    mark = "[DATA SINTETIS] " if facts["sintetis"] else ""
    message["Subject"] = mark + say("surat_perihal", tahun=facts["tahun"], hasil=outcome)
    message["From"], message["To"] = sender, receiver
    counted = {name: say(f"surat_jumlah_{name.replace(' ', '_')}") for name in facts["jumlah"]}
    lines = [say("surat_isi", tahun=facts["tahun"]), ""]
    lines += [f"{counted[name]}: {count}" for name, count in facts["jumlah"].items()]
    if facts["dihentikan"]:
        lines += ["", say("surat_dihentikan")]
    for key in ("gagal", "ditolak"):
        if facts[key]:
            lines += ["", f"{say(f'surat_{key}')}:"]
            lines += [f"- {one['nama']}: {one['alasan']}" for one in facts[key]]
    if facts["temuan"]:
        lines += ["", say("surat_temuan")]
        lines += [f"- {found}" for found in facts["temuan"]]
    message.set_content("\n".join(lines) + "\n")
    return message


def send(facts: Mapping[str, Any], receiver: str, post: Post) -> None:
    """Send the summary of a run.

    Raises
    ------
    BatchError
        If it could not be handed in, or the server (unless on this machine) offers no TLS: what
        would be sent in the clear is not sent.
    """
    message = letter(facts, post.sender, receiver)
    try:
        with smtplib.SMTP(post.host, post.port, timeout=30) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            elif post.host not in LOCAL:
                raise BatchError(f"{post.host} offers no TLS; the letter was not sent")
            if post.user:
                server.login(post.user, post.password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise BatchError(f"the letter could not be sent ({type(error).__name__})") from None
