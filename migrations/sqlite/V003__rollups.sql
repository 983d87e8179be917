-- The history in minutes and hours, and what retention removed. A row is everything that was seen of
-- a service in its span: the writer adds what comes late to the row that is there.

-- Where each hub's rollup follower stands; moved in the transaction that writes the rows.
CREATE TABLE rollup_follower (
    hub         INTEGER PRIMARY KEY REFERENCES hub (key),
    journal_id  TEXT    NOT NULL,
    seq         INTEGER NOT NULL,
    known_until INTEGER NOT NULL  -- until then the rows tell all that there is
);

-- What the next result of a service decides: the time since its last one.
CREATE TABLE rollup_watch (
    service       INTEGER PRIMARY KEY REFERENCES service (key),
    reach_ms      INTEGER NOT NULL,
    last_at       INTEGER,
    last_reach_ms INTEGER NOT NULL,
    last          INTEGER NOT NULL,  -- 0 not down, 1 suspect, 2 down, 3 excused
    suspect_since INTEGER,
    maintenance   INTEGER NOT NULL   -- failures are excused
);
-- What told of services known by now may be gone from the journal.
INSERT INTO rollup_watch
SELECT key, 2 * interval_ms + timeout_ms, NULL, 0, 0, NULL, 0
FROM service
WHERE interval_ms IS NOT NULL AND timeout_ms IS NOT NULL AND removed_at IS NULL;

-- Clustered by time: a batch writes neighbouring pages however many services there are. Counts are
-- told as what is rare, and zero takes no space: `up` is what is left of `checks`.
CREATE TABLE rollup_minute (
    at          INTEGER NOT NULL,  -- minutes since 1970
    service     INTEGER NOT NULL,
    checks      INTEGER NOT NULL,
    unknown     INTEGER NOT NULL,
    degraded    INTEGER NOT NULL,
    down        INTEGER NOT NULL,
    missed_ms   INTEGER NOT NULL,  -- of the minute, not observed
    down_ms     INTEGER NOT NULL,
    total_us    INTEGER NOT NULL,
    shortest_us INTEGER NOT NULL,
    longest_us  INTEGER NOT NULL,
    sketch      BLOB,              -- of the response times (stats/sketch); none without checks
    PRIMARY KEY (at, service)
) WITHOUT ROWID;

CREATE TABLE rollup_hour (
    at          INTEGER NOT NULL,  -- hours since 1970
    service     INTEGER NOT NULL,
    checks      INTEGER NOT NULL,
    unknown     INTEGER NOT NULL,
    degraded    INTEGER NOT NULL,
    down        INTEGER NOT NULL,
    missed_ms   INTEGER NOT NULL,  -- of the hour, not observed
    down_ms     INTEGER NOT NULL,
    total_us    INTEGER NOT NULL,
    shortest_us INTEGER NOT NULL,
    longest_us  INTEGER NOT NULL,
    sketch      BLOB,
    PRIMARY KEY (at, service)
) WITHOUT ROWID;

-- What each level of the history still has: complete from `since` on, and about how many bytes.
CREATE TABLE history_level (
    name  TEXT    PRIMARY KEY,
    since INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO history_level VALUES ('check', 0, 0), ('minute', 0, 0), ('hour', 0, 0);
-- Of checks from before this step only themselves are left to tell; from a whole hour on the rollups
-- do. A check from a clock that was ahead must not put that off.
UPDATE history_level
SET since = (SELECT (min(max(max_at), CAST(strftime('%s', 'now') AS INTEGER) * 1000) / 3600000 + 1)
                    * 3600000
             FROM check_slot)
WHERE name IN ('minute', 'hour') AND EXISTS (SELECT 1 FROM check_slot);

-- Failures outlive passing checks: no check that passed is older than this in the slot.
ALTER TABLE check_slot ADD COLUMN passed_from INTEGER NOT NULL DEFAULT 0;
UPDATE check_slot SET passed_from = min_at;
UPDATE history_level SET bytes = (SELECT coalesce(sum(size), 0) * 26 FROM check_slot)
WHERE name = 'check';
CREATE INDEX check_slot_by_passed ON check_slot (passed_from);

DROP VIEW project_events;
CREATE VIEW project_events AS
SELECT e.id,
       (SELECT p.name FROM project p WHERE p.key = e.project) AS project_name,
       (SELECT s.name FROM service s WHERE s.key = e.service) AS service_name,
       CASE e.type
           WHEN 0 THEN 'status_changed'
           WHEN 1 THEN 'service_registered'
           WHEN 2 THEN 'service_deregistered'
           WHEN 3 THEN 'hub_problem'
           WHEN 4 THEN 'config_reloaded'
       END AS event_type,
       e.description,
       CASE e.severity WHEN 0 THEN 'info' WHEN 1 THEN 'warning' ELSE 'critical' END AS severity,
       e.metadata,
       strftime('%Y-%m-%dT%H:%M:%fZ', e.at / 1000.0, 'unixepoch') AS occurred_at,
       (SELECT h.hub_id FROM hub h WHERE h.key = e.hub) AS hub_id
FROM event e;

-- Records that could not be stored, for people.
CREATE VIEW dead_records AS
SELECT d.id,
       d.journal_id,
       d.epoch,
       d.seq,
       d.reason,
       d.record,
       (SELECT h.hub_id FROM hub h WHERE h.key = d.hub) AS hub_id
FROM dead_record d;
