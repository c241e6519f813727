"""The stand-in for the engine: how its replications are made (`engine`), and the two centres that it simulates."""
