"""What an editor asks of a scenario that is being typed: completion, hover, definitions, symbols, diagnostics.

Only `server` knows the protocol; all else takes a text and a place in it.
"""
