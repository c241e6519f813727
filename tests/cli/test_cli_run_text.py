"""What `ccsim run` prints of a run with sites, and of one without."""

from ccsim.commands.run_text import document, lines
from ccsim.results.text import ends_of, few, shown
from tests.support.stand_in.desk import desk_model, fake_run


def table(text, head):
    start = next(i for i, line in enumerate(text) if line.startswith(f"  by {head}"))
    return [line.split() for line in text[start : text.index("", start)]]


def test_a_run_with_sites_has_short_tables_by_channel_and_by_vendor():
    run = fake_run(6)
    text = list(lines(run))
    channels = table(text, "channel")
    assert [row[0] for row in channels] == ["by", "email", "phone"]
    assert "deadline met" in "\n".join(text)
    email, phone = ("\n".join(" ".join(row) for row in channels if row[0] == name) for name in ("email", "phone"))
    assert email.count(" - ") == 1  # a service level in seconds says nothing of deferred work
    assert phone.count(" - ") == 1  # and a deadline nothing of live work
    vendors = table(text, "vendor")
    assert [row[0] for row in vendors] == ["by", "house", "northwind"]
    assert all(row[-1] == "USD" for row in vendors[1:])
    assert max(len(line) for line in text) <= 120
    assert len(text) < 50


def test_live_and_deferred_work_are_not_mixed_in_one_wait():
    run = fake_run(3)
    text = "\n".join(lines(run))
    assert "Service level, 20 s (live)" in text
    assert "Deadline met" in text
    row = run.estimate("asa", "kind", "live")
    value = shown(row["estimate"], ends_of(row), "s")
    assert any(
        line.split("  ")[1] == "ASA (live)" and line.endswith(value) for line in text.splitlines() if "ASA (" in line
    )


def test_a_run_without_sites_has_no_tables_of_them():
    model = desk_model()
    model.names["pools"] = [(*row[:3], "none", "none", "none", "any", 5) for row in model.names["pools"]]
    text = "\n".join(lines(fake_run(3, model=model)))
    assert "by channel" not in text
    assert "by vendor" not in text


def test_few_replications_are_told_in_the_text_the_document_and_the_table():
    run = fake_run(4)
    assert f"  {few(4)}" in list(lines(run))
    told = document(run)
    assert told["few_replications"] == few(4)
    row = next(row for row in told["estimates"] if (row["kpi"], row["scope"]) == ("asa", "all"))
    assert row["method"] == "jackknife of the logarithm; 4 replications are few"
    enough = fake_run(10)
    assert document(enough)["few_replications"] is None
    assert not any("are few" in line for line in lines(enough))
    assert enough.estimate("asa")["method"] == "jackknife of the logarithm"
