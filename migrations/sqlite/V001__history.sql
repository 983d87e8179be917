-- The history of an embedded Muster. The tables are lean and for the program; the views of V002 are
-- for people. Times are milliseconds since 1970, UTC. Names live in the registry's projection only:
-- facts carry keys, so a rename renames history too.

CREATE TABLE hub (
    key    INTEGER PRIMARY KEY,
    hub_id TEXT NOT NULL UNIQUE
);

-- Where each hub's follower of the journal stands; moved in the transaction that writes the rows.
CREATE TABLE follower (
    hub         INTEGER PRIMARY KEY REFERENCES hub (key),
    journal_id  TEXT    NOT NULL,
    seq         INTEGER NOT NULL,
    not_counted INTEGER NOT NULL DEFAULT 0  -- results that said nothing about their target
);

-- Projections of the registry. What was removed keeps its row, so that history keeps its names; what
-- facts name before the registry's record arrives has a row named `#id`.

CREATE TABLE project (
    key         INTEGER PRIMARY KEY,
    hub         INTEGER NOT NULL REFERENCES hub (key),
    id          INTEGER NOT NULL CHECK (id > 0),
    name        TEXT    NOT NULL,
    url         TEXT,
    description TEXT,
    critical    INTEGER NOT NULL DEFAULT 1,
    owner       TEXT,
    created_at  INTEGER,
    updated_at  INTEGER,
    removed_at  INTEGER,
    UNIQUE (hub, id)
);
CREATE INDEX project_by_id ON project (id);
CREATE INDEX project_by_name ON project (name);

CREATE TABLE service (
    key          INTEGER PRIMARY KEY,
    hub          INTEGER NOT NULL REFERENCES hub (key),
    id           INTEGER NOT NULL CHECK (id > 0),
    project      INTEGER REFERENCES project (key),
    name         TEXT    NOT NULL,
    service_type TEXT,
    probe_kind   TEXT,
    target       TEXT,
    port         INTEGER,
    interval_ms  INTEGER,
    timeout_ms   INTEGER,
    retries      INTEGER,
    critical     INTEGER NOT NULL DEFAULT 1,
    owner        TEXT,
    created_at   INTEGER,
    updated_at   INTEGER,
    removed_at   INTEGER,
    UNIQUE (hub, id)
);
CREATE INDEX service_by_project ON service (project);
CREATE INDEX service_by_name ON service (name);

-- How each service was at its newest stored check. Apart from `service` and narrow: a batch touches a
-- row of it for every service that it holds.
CREATE TABLE service_state (
    service     INTEGER PRIMARY KEY REFERENCES service (key),
    status      INTEGER NOT NULL,
    last_check  INTEGER NOT NULL,
    failures    INTEGER NOT NULL,
    http_status INTEGER NOT NULL,
    error       TEXT,
    note        TEXT
);

-- Checks. Rows of about an hour, or of some thousand checks, lie together in a slot and there by
-- service. So a batch writes a few neighbouring pages however many services and rows there are, a
-- service's range is one seek for every slot that overlaps it, and retention drops whole slots.
-- A table clustered by (service, time), or an index on that, writes a page for every row once there
-- are thousands of services.

CREATE TABLE check_slot (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    start_at INTEGER NOT NULL,  -- what check_result.at counts from
    min_at   INTEGER NOT NULL,
    max_at   INTEGER NOT NULL,
    size     INTEGER NOT NULL   -- numbers given out in it
);

CREATE TABLE check_result (
    slot         INTEGER NOT NULL,
    service      INTEGER NOT NULL,
    at           INTEGER NOT NULL,  -- accepted: ms since the slot's start_at
    n            INTEGER NOT NULL,  -- order of the journal within the slot
    took         INTEGER NOT NULL,  -- ms from the probe's start to its acceptance
    status       INTEGER NOT NULL,  -- of the service after it: 0 unknown, 1 up, 2 degraded, 3 down
    downtime_ppm INTEGER NOT NULL,  -- of the last 24 h, as of then
    response_us  INTEGER NOT NULL,
    error        TEXT,
    PRIMARY KEY (slot, service, at, n)
) WITHOUT ROWID;

CREATE TABLE project_metric (
    id                     INTEGER PRIMARY KEY,
    project                INTEGER NOT NULL REFERENCES project (key),
    at                     INTEGER NOT NULL,
    requests_per_second    REAL NOT NULL,
    error_rate             REAL NOT NULL,
    error_count            REAL NOT NULL,
    memory_usage_percent   REAL NOT NULL,
    cpu_usage_percent      REAL NOT NULL,
    database_query_time_ms REAL NOT NULL,
    api_usage              TEXT NOT NULL
);
CREATE INDEX project_metric_by_project ON project_metric (project, at);
CREATE INDEX project_metric_by_time ON project_metric (at);

-- An index ends in the row's id: each of these gives its events newest first without sorting.
CREATE TABLE event (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    hub         INTEGER NOT NULL REFERENCES hub (key),
    project     INTEGER REFERENCES project (key),  -- none: concerns the hub
    service     INTEGER REFERENCES service (key),
    type        INTEGER NOT NULL,  -- 0 status_changed, 1 service_registered, 2 service_deregistered, 3 hub_problem
    severity    INTEGER NOT NULL,  -- 0 info, 1 warning, 2 critical
    description TEXT    NOT NULL,
    metadata    TEXT    NOT NULL,
    at          INTEGER NOT NULL
);
CREATE INDEX event_by_project ON event (project);
CREATE INDEX event_by_service ON event (service);
CREATE INDEX event_by_type ON event (type);
CREATE INDEX event_by_severity ON event (severity);
CREATE INDEX event_by_time ON event (at);

-- The hub itself: a row at start, at stop and at every change, and what is wrong with it now.
CREATE TABLE hub_health (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    hub      INTEGER NOT NULL REFERENCES hub (key),
    status   TEXT    NOT NULL,
    database TEXT    NOT NULL,
    error    TEXT,
    at       INTEGER NOT NULL
);
CREATE INDEX hub_health_by_time ON hub_health (at);

CREATE TABLE hub_problem (
    hub         INTEGER NOT NULL REFERENCES hub (key),
    what        TEXT    NOT NULL,
    description TEXT    NOT NULL,
    since       INTEGER NOT NULL,
    PRIMARY KEY (hub, what)
) WITHOUT ROWID;

-- Records that were lost before their follower read them.
CREATE TABLE gap (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    hub      INTEGER NOT NULL REFERENCES hub (key),
    from_seq INTEGER NOT NULL,
    to_seq   INTEGER NOT NULL,
    follower TEXT    NOT NULL,
    why      TEXT    NOT NULL,
    at       INTEGER NOT NULL
);

-- Records that could not be stored, put aside with the reason.
CREATE TABLE dead_record (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    hub        INTEGER NOT NULL REFERENCES hub (key),
    journal_id TEXT    NOT NULL,
    epoch      INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    record     TEXT    NOT NULL  -- JSON
);
