"""Every form in which data arrives becomes what the catalogue says it becomes."""

from pathlib import Path

import pytest

from benchmarks.forms import FORMS, Form, run_form


@pytest.mark.parametrize("form", FORMS, ids=[form.en for form in FORMS])
def test_the_form_becomes_what_is_expected(tmp_path: Path, form: Form) -> None:
    found = run_form(form, tmp_path)
    assert found["got"] == found["expected"]
    assert found["holds"]


def test_every_form_has_a_name_of_its_own() -> None:
    assert len({form.zh for form in FORMS}) == len({form.en for form in FORMS}) == len(FORMS)
