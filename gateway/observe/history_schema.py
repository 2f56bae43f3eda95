"""The tables of the history, as numbered migrations that SQLite and PostgreSQL both read.

No content: ids, times, addresses as the settings say, domains, hashes, verdicts, rules, hosts of links. `received_at`
is seconds since 1970, UTC. A migration is never changed once it was released; a change is a new one. Each index costs
the recorder at every message: there are only those that incidents and rights of persons need at once.
"""

COMPACT = "/*COMPACT*/"  # SQLite: the table is its own index (WITHOUT ROWID); PostgreSQL reads a comment

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
        f"""CREATE TABLE recipient (
            message TEXT NOT NULL, place INTEGER NOT NULL, address TEXT NOT NULL, domain TEXT NOT NULL,
            action TEXT NOT NULL, PRIMARY KEY (message, place)
        ) {COMPACT}""",
        "CREATE INDEX recipient_address ON recipient (address)",
        f"""CREATE TABLE rule_hit (
            message TEXT NOT NULL, rule TEXT NOT NULL, family TEXT NOT NULL, points DOUBLE PRECISION NOT NULL,
            mode TEXT NOT NULL, PRIMARY KEY (message, rule)
        ) {COMPACT}""",
        "CREATE INDEX rule_hit_rule ON rule_hit (rule)",
        f"""CREATE TABLE link_host (
            message TEXT NOT NULL, host TEXT NOT NULL, PRIMARY KEY (message, host)
        ) {COMPACT}""",
        "CREATE INDEX link_host_host ON link_host (host)",
        """CREATE TABLE held (
            id TEXT PRIMARY KEY, gateway TEXT NOT NULL, received_at DOUBLE PRECISION NOT NULL, summary TEXT NOT NULL
        )""",
        "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ),
)
