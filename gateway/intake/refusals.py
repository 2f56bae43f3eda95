"""Which closed word the observer is told for each reply by which we refuse something."""

from gateway.model import reply as replies
from gateway.model.reply import Reply

REASONS: dict[Reply, str] = {
    replies.TOO_MANY_CONNECTIONS: "too_many_connections",
    replies.OVERLOADED: "too_many_connections",
    replies.SHUTTING_DOWN: "shutting_down",
    replies.IDLE_TIMEOUT: "idle_timeout",
    replies.SESSION_TIMEOUT: "session_timeout",
    replies.DATA_TIMEOUT: "data_timeout",
    replies.TOO_MANY_ERRORS: "too_many_errors",
    replies.TOO_MANY_COMMANDS: "too_many_commands",
    replies.TOO_MANY_RECIPIENTS: "too_many_recipients",
    replies.MESSAGE_TOO_BIG: "message_too_big",
    replies.BYTES_IN_FLIGHT: "bytes_in_flight",
    replies.BARE_NEWLINE: "bare_newline",
    replies.RELAY_DENIED: "relay_denied",
    replies.NOT_A_TRUSTED_CLIENT: "not_a_trusted_client",
    replies.PROXY_HEADER_EXPECTED: "proxy_header",
    replies.NEEDS_SMTPUTF8: "smtputf8",
    replies.NON_ASCII_ADDRESS: "smtputf8",
    replies.TLS_REQUIRED: "tls_required",
    replies.LOCAL_PROBLEM: "local_problem",
}


def reason_of(reply: Reply) -> str:
    """The word; everything else that we refuse is a fault of syntax or sequence."""
    return REASONS.get(reply, "protocol")
