"""Reading an instrument's file strictly: every condition of the parser, each broken once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipasn_lib.errors import InstrumentError
from ipasn_lib.law.loading import load_instrument
from ipasn_lib.law.strict import read_table


@pytest.mark.parametrize(
    "content", [b"judul = '\xff'", b"a = " + b"[" * 5000], ids=["bytes", "deep"]
)
def test_a_file_that_is_no_text_or_nested_too_deep_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(InstrumentError, match=r"a\.toml: not valid TOML"):
        load_instrument(path)
    with pytest.raises(InstrumentError, match=r"a\.toml: no readable TOML"):
        read_table(path)
