import pytest

from ccsim.results.text import decimals_for, half_width, plain, short, shown


@pytest.mark.parametrize(
    ("value", "half", "unit", "text"),
    [
        (0.81132, 0.0034, "share", "81.1 % ± 0.3 %"),
        (0.81132, 0.0134, "share", "81.1 % ± 1.3 %"),
        (0.81132, 0.05, "share", "81 % ± 5 %"),
        (12.3456, 0.0204, "s", "12.35 s ± 0.02 s"),
        (12345.6, 678.9, "contacts/day", "12,300 contacts/day ± 700 contacts/day"),
        (12345.6, 1.0, "contacts", "12,345.6 contacts ± 1.0 contacts"),
        (0.0, 0.0, "share", "0 % ± 0 %"),
        (1.0, 0.0, "share", "100 % ± 0 %"),
        (-0.001, 0.5, "s", "0.0 s ± 0.5 s"),
        (0.123456, None, "share", "12.3 %"),
        (123456.0, None, "s", "123,456 s"),
        (0.000123456, None, "s", "0.000123 s"),
        (None, None, "s", "-"),
    ],
)
def test_values_are_shown_with_the_digits_that_their_interval_justifies(value, half, unit, text):
    assert shown(value, half, unit) == text


def test_decimals():
    assert [decimals_for(h) for h in (0.5, 0.15, 15, 20, 99, 1e-6, 0, 5e-324)] == [1, 2, 0, -1, -1, 7, 0, 0]


def test_what_somebody_wrote_is_shown_as_written():
    assert plain(0.8, "share") == "80 %"
    assert plain(0.333, "share") == "33.3 %"
    assert plain(7.5, "USD/case") == "7.5 USD/case"


def test_half_widths():
    assert half_width({"low": 1.0, "high": 4.0}) == 1.5
    assert half_width({"low": None, "high": None}) is None


@pytest.mark.parametrize(
    ("value", "half", "unit", "text"),
    [
        (0.81132, 0.0034, "share", "81.1 %"),
        (12345.6, 678.9, "contacts", "12,300 contacts"),
        (9.5, None, "USD", "9.50 USD"),
        (None, None, "s", "-"),
    ],
)
def test_short_values_leave_the_half_width_out_but_round_by_it(value, half, unit, text):
    assert short(value, half, unit) == text
