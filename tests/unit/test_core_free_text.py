"""What a teacher writes is kept as written, but for what no sheet of paper has."""

import pytest

from core.free_text import fit
from core.refusals import Invalid


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Читать § 12, пересказ. \n", "Читать § 12, пересказ."),
        ("№ 5\r\n№ 6\r№ 7", "№ 5\n№ 6\n№ 7"),
        ("№ 5 \n\n№ 6", "№ 5\n\n№ 6"),
        ("a\x00b\x1bc\ud83dd", "abcd"),
        ("№\t5", "№ 5"),
        ("Молодец 👍🏽 <b>&", "Молодец 👍🏽 <b>&"),
        ("й" * 10, "й" * 10),
    ],
)
def test_the_text_is_kept(written: str, kept: str) -> None:
    assert fit(written, 30) == kept
    assert fit(kept, 30) == kept


@pytest.mark.parametrize("written", ["", "  \n\t ", "\x00", "\u2028"])
def test_nothing_is_no_text(written: str) -> None:
    with pytest.raises(Invalid) as refused:
        fit(written, 10)
    assert refused.value.code == "text-needed"


def test_a_text_is_measured_as_it_would_be_kept() -> None:
    assert fit(f" {'й' * 10}\x00 ", 10) == "й" * 10
    with pytest.raises(Invalid) as refused:
        fit("й" * 11, 10)
    assert (refused.value.code, refused.value.details) == ("text-too-long", {"longest": 10, "seen": 11})
