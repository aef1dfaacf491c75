"""A schedule for a run: systemd's user timer and service, or a line for cron.

Nothing runs in between: the system's own scheduler calls the same command that a person would
type. systemd makes up for a run missed while the machine was off (``Persistent=true``); cron does
not, but a run in which nothing has changed takes a second, so a daily line does no harm.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ipasn_lib.errors import BatchError, ParameterError

__all__ = ["EVERY", "Schedule", "install_units", "unit_folder", "write_units"]

EVERY = {
    "daily": ("*-*-*", "* * *"),
    "weekly": ("Mon *-*-*", "* * 1"),
    "monthly": ("*-*-01", "1 * *"),
}
"""How often: the day in systemd's words and in cron's; a week's is Monday, a month's the 1st."""

CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class Schedule:
    """A command and when it runs.

    Attributes
    ----------
    nama : str
        Name of the units, small letters, digits and hyphens ("ipasn-laporan-2022").
    keterangan : str
        What it is, in a line.
    command : sequence of str
        The program, as an absolute path, and its words.
    folder : pathlib.Path
        Where it runs, absolute.
    at : str
        Time of day, "02:00", by the machine's clock.
    every : {"daily", "weekly", "monthly"}
        How often.
    """

    nama: str
    keterangan: str
    command: Sequence[str]
    folder: Path
    at: str
    every: str

    def __post_init__(self) -> None:
        """Refuse what no scheduler would understand, or would read as something else."""
        if not CLOCK.fullmatch(self.at):
            raise ParameterError(f"time {self.at!r}: expected HH:MM, for example 02:00")
        if self.every not in EVERY:
            raise ParameterError(f"unknown interval {self.every!r}; known: {', '.join(EVERY)}")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", self.nama):
            raise ParameterError(f"name {self.nama!r}: expected small letters, digits and hyphens")
        if any(ord(sign) < 32 for word in (*self.command, str(self.folder)) for sign in word):
            raise ParameterError("a word of the command or the folder holds a control character")

    def service(self) -> str:
        """Give the text of the service."""
        return (
            "[Unit]\n"
            f"Description={_plain(self.keterangan)}\n"
            "\n[Service]\n"
            "Type=oneshot\n"
            f"WorkingDirectory={str(self.folder).replace('%', '%%')}\n"
            f"ExecStart={' '.join(map(_quoted, self.command))}\n"
            "TimeoutStartSec=infinity\n"
            "Nice=10\n"
        )

    def timer(self) -> str:
        """Give the text of the timer."""
        return (
            "[Unit]\n"
            f"Description={_plain(self.keterangan)}\n"
            "\n[Timer]\n"
            f"OnCalendar={EVERY[self.every][0]} {self.at}:00\n"
            "Persistent=true\n"
            f"Unit={self.nama}.service\n"
            "\n[Install]\n"
            "WantedBy=timers.target\n"
        )

    def cron(self) -> str:
        """Give the line for ``crontab -e``."""
        hour, minute = self.at.split(":")
        run = f"cd {shlex.quote(str(self.folder))} && {shlex.join(self.command)}"
        # a bare % ends the command in a crontab
        escaped = run.replace("%", "\\%")
        return f"{int(minute)} {int(hour)} {EVERY[self.every][1]} {escaped}"


def unit_folder(config: Path) -> Path:
    """Give the folder in which systemd looks for a user's units, below ``~/.config``."""
    return config / "systemd" / "user"


def write_units(schedule: Schedule, folder: Path) -> tuple[Path, Path]:
    """Write service and timer into a folder; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    service = folder / f"{schedule.nama}.service"
    timer = folder / f"{schedule.nama}.timer"
    service.write_text(schedule.service(), encoding="utf-8")
    timer.write_text(schedule.timer(), encoding="utf-8")
    return service, timer


def install_units(schedule: Schedule, config: Path) -> Path:
    """Write the units where systemd finds them, and start the timer.

    Parameters
    ----------
    schedule : Schedule
    config : pathlib.Path
        The user's configuration, as a rule ``~/.config``.

    Returns
    -------
    pathlib.Path
        The timer.

    Raises
    ------
    BatchError
        If there is no systemd, or it refuses; the units are written all the same.
    """
    _, timer = write_units(schedule, unit_folder(config))
    control = shutil.which("systemctl")
    if control is None:
        raise BatchError(f"{timer} is written, but there is no systemctl here; use --cron instead")
    for words in (["daemon-reload"], ["enable", "--now", timer.name]):
        done = subprocess.run(  # noqa: S603  the system's own program, no shell
            [control, "--user", *words], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BatchError(
                f"{timer} is written, but systemctl --user {' '.join(words)} failed: "
                f"{done.stderr.strip() or done.returncode}"
            )
    return timer


def _quoted(word: str) -> str:
    """Quote a word of ``ExecStart=``: C escapes, and no specifier or variable is read in it."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("%", "%%").replace("$", "$$") + '"'


def _plain(text: str) -> str:
    return " ".join(text.replace("%", "%%").split())
