"""The line that says how far an import has come: one on a terminal, one in all where nobody looks on, or none."""

import io

from core.lists.stages import Stage
from zvonok.progress import QUIET_FOR, ProgressLine


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that a test moves."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_on_a_terminal_one_line_is_rewritten_and_goes() -> None:
    stream = Terminal()
    line = ProgressLine(stream, Clock())
    for stage in Stage:
        line.stage(stage)
    line.clear()
    assert "\n" not in stream.getvalue()
    said = stream.getvalue().split("\r\x1b[K")
    assert said[0] == said[-1] == "", "the last thing is an empty line"
    assert said[1] == "Загрузка, шаг 1 из 6: чтение файлов…"
    assert len(said) == len(Stage) + 2


def test_where_nobody_looks_on_a_long_import_says_one_line_and_a_short_one_nothing() -> None:
    stream, clock = io.StringIO(), Clock()
    line = ProgressLine(stream, clock)
    line.stage(Stage.FILES)
    clock.at = QUIET_FOR - 0.1
    line.stage(Stage.JOURNAL)
    assert stream.getvalue() == ""
    clock.at = QUIET_FOR
    line.stage(Stage.COMPARING)
    clock.at = QUIET_FOR * 9
    line.stage(Stage.WRITING)
    line.clear()
    assert stream.getvalue() == "Загрузка идёт: большие списки занимают до нескольких минут.\n"
