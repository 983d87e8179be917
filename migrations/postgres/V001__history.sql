-- The history of hubs. What is here is lean and for the program, in a schema of its own; the views of
-- V003 are for people. Names live in the registry's projection only: facts carry keys, so a rename
-- renames history too. Run with search_path = muster, public.

CREATE TABLE hub (
    key    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub_id text NOT NULL UNIQUE
);

-- Where each hub's follower of the journal stands; locked by the transaction that writes the rows, and
-- moved in it. The empty journal_id: it never moved.
CREATE TABLE follower (
    hub         integer PRIMARY KEY REFERENCES hub (key),
    journal_id  text   NOT NULL DEFAULT '',
    seq         bigint NOT NULL DEFAULT 0,
    not_counted bigint NOT NULL DEFAULT 0  -- results that said nothing about their target
);

CREATE TABLE rollup_follower (
    hub         integer PRIMARY KEY REFERENCES hub (key),
    journal_id  text   NOT NULL DEFAULT '',
    seq         bigint NOT NULL DEFAULT 0,
    known_until bigint NOT NULL DEFAULT 0  -- ms since 1970: until then the rows tell all there is
);

-- Projections of the registry. What was removed keeps its row, so that history keeps its names; what
-- facts name before the registry's record arrives has a row named `#id`.

CREATE TABLE project (
    key         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub         integer NOT NULL REFERENCES hub (key),
    id          bigint  NOT NULL CHECK (id > 0),
    name        text    NOT NULL,
    url         text,
    description text,
    critical    boolean NOT NULL DEFAULT true,
    owner       text,
    created_at  timestamptz,
    updated_at  timestamptz,
    removed_at  timestamptz,
    UNIQUE (hub, id)
);
CREATE INDEX project_by_id ON project (id);
CREATE INDEX project_by_name ON project (name);

CREATE TABLE service (
    key          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub          integer NOT NULL REFERENCES hub (key),
    id           bigint  NOT NULL CHECK (id > 0),
    project      integer REFERENCES project (key),
    name         text    NOT NULL,
    service_type text,
    probe_kind   text,
    target       text,
    method       text,  -- of HTTP
    port         integer,
    interval_ms  bigint,
    timeout_ms   bigint,
    retries      integer,
    critical     boolean NOT NULL DEFAULT true,
    owner        text,
    version      text,  -- as people told it, like the container
    container_id text,
    created_at   timestamptz,
    updated_at   timestamptz,
    removed_at   timestamptz,
    UNIQUE (hub, id)
);
CREATE INDEX service_by_project ON service (project);
CREATE INDEX service_by_name ON service (name);

-- How each service was at its newest stored check. A row is written when it says anything new but the
-- time, and once an hour: newer checks that say the same lie in check_passed and check_failed, not long
-- after last_check. Apart from `service` and with room on each page, as it is rewritten.
CREATE TABLE service_state (
    service             integer PRIMARY KEY REFERENCES service (key),
    status              smallint    NOT NULL,
    last_check          timestamptz NOT NULL,
    failures            bigint      NOT NULL,
    http_status         integer     NOT NULL,
    error               text,
    note                text,
    certificate_expires timestamptz,
    endpoints_healthy   integer NOT NULL DEFAULT 0,
    endpoints_total     integer NOT NULL DEFAULT 0  -- 0: a probe of one
) WITH (fillfactor = 50);

-- Facts, partitioned by time; partitions are made by the program as days come, and dropped by
-- retention. Which there are, and about how many bytes they take, stands here; where something else
-- cuts a table (V002), its days all the same.
CREATE TABLE part (
    parent text        NOT NULL,
    name   text        NOT NULL UNIQUE,
    starts timestamptz NOT NULL,
    ends   timestamptz NOT NULL,
    bytes  bigint      NOT NULL DEFAULT 0,
    PRIMARY KEY (parent, starts)
);

-- Ids of checks come in blocks of 65,536, so that a batch asks for one number.
CREATE SEQUENCE check_block;

-- Checks that passed and checks that failed lie apart: failures are kept for longer, and either goes
-- by the whole day. The index gives a service's range; measured: decision 0221.
CREATE TABLE check_passed (
    id          bigint      NOT NULL,  -- order of the journal
    at          timestamptz NOT NULL,  -- accepted
    service     integer     NOT NULL,
    took        integer     NOT NULL,  -- ms from the probe's start to its acceptance
    response_us integer     NOT NULL,
    state       integer     NOT NULL   -- 4 x downtime of the last 24 h as of then (ppm) + status of the
                                       -- service after it: 0 unknown, 1 up, 2 degraded, 3 down
) PARTITION BY RANGE (at);
CREATE INDEX check_passed_by_service ON check_passed (service, at);

CREATE TABLE check_failed (
    id          bigint      NOT NULL,
    at          timestamptz NOT NULL,
    service     integer     NOT NULL,
    took        integer     NOT NULL,
    response_us integer     NOT NULL,
    state       integer     NOT NULL,
    error       text        NOT NULL
) PARTITION BY RANGE (at);
CREATE INDEX check_failed_by_service ON check_failed (service, at);

-- Minutes and hours: a row is everything that was seen of a service in its span; the writer adds what
-- comes late to the row that is there. Null is 0, which takes no space; `up` is what is left of
-- `checks`.
CREATE TABLE rollup_minute (
    at          timestamptz NOT NULL,
    service     integer     NOT NULL,
    checks      integer     NOT NULL,
    unknown     integer,
    degraded    integer,
    down        integer,
    missed_ms   integer,  -- of the span, not observed
    down_ms     integer,
    total_us    bigint,
    shortest_us bigint,
    longest_us  bigint,
    sketch      bytea,    -- of the response times (stats/sketch); none without checks
    PRIMARY KEY (service, at)
) PARTITION BY RANGE (at);

CREATE TABLE rollup_hour (
    at          timestamptz NOT NULL,
    service     integer     NOT NULL,
    checks      integer     NOT NULL,
    unknown     integer,
    degraded    integer,
    down        integer,
    missed_ms   integer,
    down_ms     integer,
    total_us    bigint,
    shortest_us bigint,
    longest_us  bigint,
    sketch      bytea,
    PRIMARY KEY (service, at)
) PARTITION BY RANGE (at);

-- What the next result of a service decides: the time since its last one. Times in ms since 1970.
CREATE TABLE rollup_watch (
    service       integer PRIMARY KEY REFERENCES service (key),
    reach_ms      bigint   NOT NULL,
    last_at       bigint,
    last_reach_ms bigint   NOT NULL,
    last          smallint NOT NULL,  -- 0 not down, 1 suspect, 2 down, 3 excused
    suspect_since bigint,
    maintenance   boolean  NOT NULL   -- failures are excused
) WITH (fillfactor = 50);

-- From when on each level of the history is complete, in ms since 1970.
CREATE TABLE history_level (
    name  text   PRIMARY KEY,
    since bigint NOT NULL
);
INSERT INTO history_level VALUES ('check', 0), ('minute', 0), ('hour', 0);

CREATE TABLE project_metric (
    id                     bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    project                integer          NOT NULL REFERENCES project (key),
    at                     timestamptz      NOT NULL,
    requests_per_second    double precision NOT NULL,
    error_rate             double precision NOT NULL,
    error_count            double precision NOT NULL,
    memory_usage_percent   double precision NOT NULL,
    cpu_usage_percent      double precision NOT NULL,
    database_query_time_ms double precision NOT NULL,
    api_usage              jsonb            NOT NULL
);
CREATE INDEX project_metric_by_project ON project_metric (project, at);
CREATE INDEX project_metric_by_time ON project_metric (at);

-- The text of `metadata` is kept as it was written: a client gets it back byte by byte.
CREATE TABLE event (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub         integer     NOT NULL REFERENCES hub (key),
    project     integer     REFERENCES project (key),  -- none: concerns the hub
    service     integer     REFERENCES service (key),
    type        smallint    NOT NULL,  -- see project_events
    severity    smallint    NOT NULL,  -- 0 info, 1 warning, 2 critical
    description text        NOT NULL,
    metadata    text        NOT NULL,
    at          timestamptz NOT NULL
);
CREATE INDEX event_by_project ON event (project, id);
CREATE INDEX event_by_service ON event (service, id);
CREATE INDEX event_by_type ON event (type, id);
CREATE INDEX event_by_severity ON event (severity, id);
CREATE INDEX event_by_time ON event (at);

-- The hub itself: a row at start, at stop and at every change, and what is wrong with it now.
CREATE TABLE hub_health (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub      integer     NOT NULL REFERENCES hub (key),
    status   text        NOT NULL,
    database text        NOT NULL,
    error    text,
    at       timestamptz NOT NULL
);
CREATE INDEX hub_health_by_time ON hub_health (at);

CREATE TABLE hub_problem (
    hub         integer     NOT NULL REFERENCES hub (key),
    what        text        NOT NULL,
    description text        NOT NULL,
    since       timestamptz NOT NULL,
    PRIMARY KEY (hub, what)
);

-- Records that were lost before their follower read them.
CREATE TABLE gap (
    id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub      integer     NOT NULL REFERENCES hub (key),
    from_seq bigint      NOT NULL,
    to_seq   bigint      NOT NULL,
    follower text        NOT NULL,
    why      text        NOT NULL,
    at       timestamptz NOT NULL
);
CREATE INDEX gap_by_time ON gap (at);

-- Records that could not be stored, put aside with the reason.
CREATE TABLE dead_record (
    id         bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub        integer NOT NULL REFERENCES hub (key),
    journal_id text    NOT NULL,
    epoch      bigint  NOT NULL,
    seq        bigint  NOT NULL,
    reason     text    NOT NULL,
    record     text    NOT NULL  -- JSON
);
