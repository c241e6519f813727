"""What tests of several folders share: a helper of one folder stays beside its tests.

`stories`      a small scenario told and read to the microsecond: `tell`
`stand_in`     the stand-in for the engine, and the two made-up centres that it simulates
`imports`      the packages that are slow to import, and which of them a command loads
`files`, `scenario_texts`, `random_scenarios`, `small_globe`   scenarios
`processes`    processes of their own
"""
