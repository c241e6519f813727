"""The compiled kernel: what happens to contacts between two instants of the control plane.

`layout` names the columns and codes of the records, `arrays` the arrays, `state` makes them. `advance` is the loop: it
takes the next event (`sources` and `events` say which) and settles what it sets in motion: `contacts` on their way to
an agent, `routing` of the two to each other, `handling` in an agent's hand, `agents` as they come and go, their
`breaks` at random. `lines` has the small moves, `draw` the random numbers of a visit or an agent. `flush` logs what is
open at a pause, `tally` and `tally_staff` add the logs up into the `sums`; `invariants` are checked in tests.
"""
