"""TLS towards a next hop, as its settings want it (RFC 3207)."""

import ssl

from gateway.model.errors import SettingsError
from gateway.settings.schema import NextHop, split_endpoint


def tls_context(hop: NextHop) -> ssl.SSLContext | None:
    """The context for STARTTLS with this hop; None when TLS is never used. Raises SettingsError.

    `require` checks the certificate and its name; `opportunistic` takes any (a passive listener is kept out, no more).
    """
    if hop.tls == "never":
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if hop.tls == "opportunistic":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    try:
        if hop.ca is not None:
            context.load_verify_locations(cafile=hop.ca)
        elif hop.tls == "require":
            context.load_default_certs()
    except (OSError, ssl.SSLError) as error:
        raise SettingsError([f"next_hop.ca: cannot be read as PEM ({type(error).__name__})"]) from error
    try:
        if hop.client_certificate is not None:
            context.load_cert_chain(hop.client_certificate, hop.client_key)
    except (OSError, ssl.SSLError) as error:
        problem = f"next_hop.client_certificate: cannot be read with its key ({type(error).__name__})"
        raise SettingsError([problem]) from error
    return context


def server_name(hop: NextHop, address: str) -> str:
    """The name (or IP address) that the certificate must bear."""
    return hop.server_name or split_endpoint(address)[0]
