import pytest

from ccsim.results.text import FEW, decimals_for, ends_of, few, plain, short, shown, side_of


@pytest.mark.parametrize(
    ("value", "half", "unit", "text"),
    [
        (0.81132, 0.0034, "share", "81.1 % ± 0.3 %"),
        (0.81132, 0.0134, "share", "81.1 % ± 1.3 %"),
        (0.81132, 0.05, "share", "81 % ± 5 %"),
        (12.3456, 0.0204, "s", "12.35 s ± 0.02 s"),
        (12345.6, 678.9, "contacts/day", "12,300 contacts/day ± 700 contacts/day"),
        (12345.6, 1.0, "contacts", "12,345.6 contacts ± 1.0 contacts"),
        (0.0, 0.0, "share", "0 % in every replication"),
        (1.0, 0.0, "share", "100 % in every replication"),
        (-0.001, 0.5, "s", "0.0 s ± 0.5 s"),
        (0.123456, None, "share", "12.3 %"),
        (123456.0, None, "s", "123,456 s"),
        (0.000123456, None, "s", "0.000123 s"),
        (None, None, "s", "-"),
    ],
)
def test_values_are_shown_with_the_digits_that_their_interval_justifies(value, half, unit, text):
    ends = None if half is None else (value - half, value + half)
    assert shown(value, ends, unit) == text


@pytest.mark.parametrize(
    ("value", "ends", "unit", "text"),
    [
        (0.8837, (0.8411, 0.9152), "share", "88 % (84 to 92 %)"),
        (0.8837, (0.8811, 0.8864), "share", "88.4 % ± 0.3 %"),  # 0.26 and 0.27: the same in the digits shown
        (0.8837, (0.8821, 0.8867), "share", "88.37 % (88.21 to 88.67 %)"),
        (0.0, (0.0, 0.0037), "share", "0.0 % (0.0 to 0.4 %)"),
        (3.78, (1.9, 9.4), "s", "3.8 s (1.9 to 9.4 s)"),
        (-7.71, (-10.12, -6.18), "points", "-7.7 points (-10.1 to -6.2 points)"),
    ],
)
def test_an_interval_is_shown_as_plus_or_minus_only_where_both_sides_show_the_same(value, ends, unit, text):
    assert shown(value, ends, unit) == text
    assert text.startswith(short(value, ends, unit))


def test_few_replications_say_so():
    assert "9 replications are few" in few(9)
    assert few(FEW) == ""
    assert few(1) == ""  # says that it has no interval


def test_decimals():
    assert [decimals_for(h) for h in (0.5, 0.15, 15, 20, 99, 1e-6, 0, 5e-324)] == [1, 2, 0, -1, -1, 7, 0, 0]


def test_what_somebody_wrote_is_shown_as_written():
    assert plain(0.8, "share") == "80 %"
    assert plain(0.333, "share") == "33.3 %"
    assert plain(7.5, "USD/case") == "7.5 USD/case"


def test_ends_and_the_side_that_digits_are_chosen_by():
    assert side_of(2.0, (1.5, 4.0)) == 0.5
    assert side_of(0.0, (0.0, 4.0)) == 4.0
    assert side_of(1.0, (1.0, 1.0)) == 0.0
    assert ends_of({"low": None, "high": None}) is None
    assert ends_of({"base_low": 1.0, "base_high": 4.0}, "base_") == (1.0, 4.0)


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
    assert short(value, None if half is None else (value - half, value + half), unit) == text
