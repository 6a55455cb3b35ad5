"""The gate's own pytest plugins: skips are loud and fail under CI, and marks name what can be tested."""

from pathlib import Path

import pytest

from scripts.requirements import Marks
from tests.plugins.quick_collection import modules, turned

pytest_plugins = ["pytester"]

ALONE = ("-p", "no:cacheprovider", "-p", "no:asyncio", "-p", "no:hypothesispytest")
STRICT = ("-p", "tests.plugins.strict_ci", *ALONE)
SKIPPING = """
    import pytest

    @pytest.mark.skip(reason="no moon tonight")
    def test_by_mark(): pass

    def test_by_call(): pytest.skip("no stars either")

    @pytest.mark.debian("moonlight", "/no/such/program")
    def test_by_need(): raise AssertionError("it ran")

    @pytest.mark.debian("dash", "sh")
    def test_that_runs(): pass
"""


@pytest.fixture
def inner(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\nmarkers =\n  debian(package, program): x\n  req(*ids): x\n")
    return pytester


def test_a_skip_is_loud(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    inner.makepyfile(SKIPPING)
    done = inner.runpytest_inprocess(*STRICT)
    done.assert_outcomes(passed=1, skipped=3)
    assert done.ret == pytest.ExitCode.OK
    loud, closing = done.outlines[-2:]
    reasons = "needs the Debian package moonlight; no moon tonight; no stars either"
    assert loud == f"!!! 3 TESTS WERE SKIPPED: {reasons}"
    assert "1 passed, 3 skipped" in closing


def test_under_ci_a_skip_is_a_failure(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    inner.makepyfile(SKIPPING)
    done = inner.runpytest_inprocess(*STRICT)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    outcomes = done.parseoutcomes()
    assert "skipped" not in outcomes
    assert outcomes["passed"] == 1
    assert outcomes.get("failed", 0) + outcomes.get("errors", 0) == 3
    done.stdout.fnmatch_lines(["*CI=true allows no skip: needs the Debian package moonlight*"])


def test_under_ci_a_module_cannot_skip_itself(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    inner.makepyfile("import pytest\npytest.importorskip('package_that_is_not_here')\ndef test_a(): pass\n")
    done = inner.runpytest_inprocess(*STRICT)
    assert done.ret != pytest.ExitCode.OK
    assert done.parseoutcomes()["errors"] == 1


def test_under_ci_an_expected_failure_is_no_skip(inner: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    inner.makepyfile("import pytest\n@pytest.mark.xfail\ndef test_a(): raise ValueError\ndef test_b(): pass\n")
    done = inner.runpytest_inprocess(*STRICT)
    done.assert_outcomes(passed=1, xfailed=1)
    assert done.ret == pytest.ExitCode.OK


MARKS = ("-p", "tests.plugins.req_marks", *ALONE)


@pytest.mark.parametrize(
    ("requirement", "complaint"),
    [
        ("ATT-99", "ATT-99: no such requirement"),
        ("GEN-12", "GEN-12: a duty of people"),
        ("GEN-01", "GEN-01: not testable (definition of a term)"),
    ],
)
def test_a_mark_that_no_test_may_carry_stops_the_run(inner: pytest.Pytester, requirement: str, complaint: str) -> None:
    inner.makepyfile(f"import pytest\n@pytest.mark.req('ATT-08', '{requirement}')\ndef test_a(): pass\n")
    done = inner.runpytest_inprocess(*MARKS)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    assert complaint in done.stdout.str() + done.stderr.str()


def test_a_mark_of_a_testable_requirement_is_let_through(inner: pytest.Pytester) -> None:
    inner.makepyfile("import pytest\n@pytest.mark.req('ATT-08')\ndef test_a(): pass\n")
    inner.runpytest_inprocess(*MARKS).assert_outcomes(passed=1)


def test_marks_are_collected_from_tests_that_can_run(inner: pytest.Pytester) -> None:
    inner.makepyfile(
        test_marked="""
        import pytest
        pytestmark = pytest.mark.req("ATT-01")

        @pytest.mark.req("ATT-08", "MSG-07")
        @pytest.mark.parametrize("n", [1, 2])
        def test_a(n): pass

        @pytest.mark.skip(reason="not today")
        @pytest.mark.req("ATT-13")
        def test_b(): pass
        """
    )
    marks = Marks()
    inner.inline_run("--collect-only", *ALONE, plugins=[marks])
    name = "test_marked.py::test_a"
    assert dict(marks.tests) == {"ATT-01": [name], "ATT-08": [name], "MSG-07": [name]}


def test_every_worker_begins_with_a_part_of_its_own_and_leaves_out_nothing(tmp_path: Path) -> None:
    for name in ("unit/test_b.py", "unit/deep/test_a.py", "unit/cases.py", "deep/test_c.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    names = modules(tmp_path, ["unit", "deep/test_c.py::test_a", "unit/test_b.py"])
    assert names == ["deep.test_c", "unit.deep.test_a", "unit.test_b"]
    begun = [turned(names, part, 2) for part in range(2)]
    assert [one[0] for one in begun] == ["deep.test_c", "unit.deep.test_a"]
    assert all(sorted(one) == names for one in begun)
