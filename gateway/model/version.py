"""The version of the gateway; the package takes it from here."""

__version__ = "0.1.0"
