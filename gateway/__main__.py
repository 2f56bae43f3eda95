"""`vitalgate`, and `python -m gateway`."""

import sys


def main() -> None:
    """Run the command line; exits with the codes of DESIGN §5."""
    from gateway.cli.main import cli  # here, so that a usage error costs no import of the daemon

    sys.exit(cli.main(standalone_mode=True))


if __name__ == "__main__":
    main()
