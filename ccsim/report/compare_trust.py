"""Can I trust this comparison? What the pairing is worth, and the checks of every alternative's run in one."""

from __future__ import annotations

from ccsim.report import trust
from ccsim.report.compared import Compared
from ccsim.report.facts import Facts
from ccsim.report.numbers import amount
from ccsim.report.trust import MARKS, Check


def checks(compared: Compared) -> list[Check]:
    """The pairing, then every check of the runs with the most doubtful verdict of all; the doubtful ones first."""
    made = compared.made
    apart = [(compared.short(one), trust.checks(Facts(made.runs[one.name]))) for one in made.alternatives]
    found = [_pairing(compared)]
    for key in [check.key for check in apart[0][1]]:
        same = [(name, check) for name, mine in apart for check in mine if check.key == key]
        found += [_merged(same)]
    return sorted(found, key=lambda check: list(MARKS).index(check.verdict) if check.doubtful else len(MARKS))


def _pairing(compared: Compared) -> Check:
    made = compared.made
    saved = sorted(row["pairing_saved"] for row in compared.rows if row["pairing_saved"] is not None)
    undecided = sum(
        row["verdict"] == "not decided"
        for one in made.variants
        for asked in compared.questions
        if (row := compared.answer_to(asked, one)) is not None
    )
    said = f"{made.replications_told} decide every goal's difference."
    if undecided:
        whole = len(made.variants) * len(compared.questions)
        said = f"{made.replications_told} leave {undecided} of {whole} differences of goals undecided."
    how = "The same contacts get the same random numbers in every alternative (common random numbers)."
    if saved:
        how += (
            f" Without that, the variance of a difference would be {amount(saved[len(saved) // 2])} times as large "
            "(median over KPIs and parts)."
        )
    title = "Differences not decided" if undecided else "Differences decided"
    return Check("pairing", title, "look" if undecided else "fine", said, how)


def _merged(checks: list[tuple[str, Check]]) -> Check:
    """One check of all runs: what was found, once where it is the same, otherwise run by run."""
    order = [*(verdict for verdict in MARKS if verdict in ("look", "open")), "fine", "note"]
    worst = min((check for _, check in checks), key=lambda check: order.index(check.verdict))
    alike = [name for name, check in checks if check.verdict == worst.verdict]
    said = {check.said for _, check in checks}
    if len(said) == 1:
        text = worst.said
    elif worst.doubtful and len(alike) < len(checks):
        text = " ".join(f"{name}: {check.said}" for name, check in checks if check.verdict == worst.verdict)
    else:
        text = f"{checks[0][0]}: {checks[0][1].said}"
    if worst.key == "inputs":
        how = (
            "No interval here includes uncertainty about the inputs; the alternatives share all inputs "
            "except what differs."
        )
    elif len({check.how for _, check in checks}) == 1:
        how = worst.how
    else:
        how = f"{worst.how} So for {alike[0]}; the page of each run has its own."
    return Check(worst.key, worst.title, worst.verdict, text, how)
