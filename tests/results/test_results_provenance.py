import json

from ccsim.results.provenance import provenance, sha256_of_value, versions
from tests.support.stand_in.desk import fake_run


def test_provenance_holds_what_is_needed_to_simulate_again():
    made = provenance(
        scenario={"b": 1, "a": [0.1]},
        files={"a.yaml": "ab12"},
        variants=["v"],
        settings=["k=1"],
        overrides=["k: 0 -> 1"],
        seed=7,
        replications_asked=10,
        replications=4,
        workers=2,
        elapsed_seconds=1.23456,
        command=["ccsim", "run"],
        holidays={"DE": ["2026-04-03"]},
    )
    assert made["files"] == [{"name": "a.yaml", "sha256": "ab12"}]
    assert made["stopped"] is True
    assert made["holidays"] == {"DE": ["2026-04-03"]}
    assert made["seed"] == 7
    assert made["overrides"] == ["k: 0 -> 1"]
    assert made["scenario"] == {"b": 1, "a": [0.1]}
    assert {"ccsim", "python", "numpy", "pandas", "pyarrow"} <= set(made["versions"])
    assert {"system", "machine", "processor", "c_library"} <= set(made["machine"])
    json.dumps(made, allow_nan=False)


def test_equal_values_have_equal_sums_in_any_order():
    assert sha256_of_value({"a": 1, "b": [1, 2]}) == sha256_of_value({"b": [1, 2], "a": 1})
    assert sha256_of_value({"a": 1}) != sha256_of_value({"a": 1.5})


def test_a_run_carries_its_provenance():
    run = fake_run(2)
    assert run.provenance["replications"] == 2
    assert run.provenance["versions"] == versions()
    assert not run.stopped
