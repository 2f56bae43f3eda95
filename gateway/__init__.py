"""vitalgate: an inline SMTP gateway for the mail of a French mutuelle."""

__version__ = "0.1.0"
