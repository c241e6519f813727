"""ccsim: a discrete-event simulator of a global contact centre."""

__version__ = "0.1.0"
