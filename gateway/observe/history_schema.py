"""The tables of the history, as numbered migrations that SQLite and PostgreSQL both read.

No content: ids, times, addresses as the settings say, domains, hashes, verdicts, rules, hosts of links. `received_at`
is seconds since 1970, UTC. A migration is never changed once it was released; a change is a new one.
"""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE message (
            id TEXT PRIMARY KEY, gateway TEXT NOT NULL, received_at DOUBLE PRECISION NOT NULL, client TEXT NOT NULL,
            mail_from TEXT NOT NULL, mail_from_domain TEXT NOT NULL, author TEXT NOT NULL, author_domain TEXT NOT NULL,
            message_id TEXT NOT NULL, disposition TEXT NOT NULL, score DOUBLE PRECISION NOT NULL,
            bytes BIGINT NOT NULL, reply TEXT NOT NULL, details TEXT NOT NULL
        )""",
        "CREATE INDEX message_received_at ON message (received_at)",
        "CREATE INDEX message_message_id ON message (message_id)",
        "CREATE INDEX message_author_domain ON message (author_domain, received_at)",
        "CREATE INDEX message_mail_from_domain ON message (mail_from_domain, received_at)",
        """CREATE TABLE recipient (
            message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE, place INTEGER NOT NULL,
            address TEXT NOT NULL, domain TEXT NOT NULL, action TEXT NOT NULL, PRIMARY KEY (message, place)
        )""",
        "CREATE INDEX recipient_address ON recipient (address)",
        """CREATE TABLE rule_hit (
            message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE, rule TEXT NOT NULL, family TEXT NOT NULL,
            points DOUBLE PRECISION NOT NULL, mode TEXT NOT NULL, PRIMARY KEY (message, rule)
        )""",
        "CREATE INDEX rule_hit_rule ON rule_hit (rule)",
        """CREATE TABLE link_host (
            message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE, host TEXT NOT NULL,
            PRIMARY KEY (message, host)
        )""",
        "CREATE INDEX link_host_host ON link_host (host)",
        """CREATE TABLE held (
            id TEXT PRIMARY KEY, gateway TEXT NOT NULL, received_at DOUBLE PRECISION NOT NULL, summary TEXT NOT NULL
        )""",
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ),
)
