/**
 * Each is applied once, in order, and never changed afterwards. While a release goes out the one before it still runs on
 * the same database, so a migration only adds what the older release can live with.
 */
export const migrations = [
  `
  CREATE TABLE payment (
    id TEXT PRIMARY KEY, state TEXT NOT NULL, amount INTEGER NOT NULL, captured INTEGER NOT NULL DEFAULT 0,
    refunded INTEGER NOT NULL DEFAULT 0, currency TEXT NOT NULL, reference TEXT NOT NULL, description TEXT NOT NULL,
    last_four TEXT NOT NULL, scheme TEXT NOT NULL, created_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX payment_by_age ON payment (created_at DESC, id DESC);
  CREATE INDEX payment_by_reference ON payment (reference, created_at DESC, id DESC);
  CREATE INDEX payment_by_state ON payment (state, created_at DESC, id DESC);
  CREATE TABLE entry (
    payment TEXT NOT NULL REFERENCES payment (id), account TEXT NOT NULL, amount INTEGER NOT NULL, at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX entry_of ON entry (payment);
  CREATE TABLE idempotency (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER, body TEXT, at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE INDEX idempotency_by_age ON idempotency (at);
  CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
  CREATE TRIGGER entry_is_never_removed BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END;
  CREATE TRIGGER refunded_is_within_captured BEFORE UPDATE ON payment
    WHEN NOT (0 <= NEW.refunded AND NEW.refunded <= NEW.captured AND NEW.captured <= NEW.amount)
    BEGIN SELECT RAISE(ABORT, 'the amounts of a payment contradict each other'); END;
  `,
]
