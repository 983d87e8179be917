-- Alerts, their rules, and what was done to bring services back: few rows, which people ask for by
-- name. The programs that write them come later than these names; until then they are empty.

CREATE TABLE alert_rule (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub        integer     NOT NULL REFERENCES hub (key),
    name       text        NOT NULL,
    severity   smallint    NOT NULL CHECK (severity BETWEEN 0 AND 2),  -- as in event
    condition  jsonb       NOT NULL,
    channels   text[]      NOT NULL DEFAULT '{}',
    enabled    boolean     NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (hub, name)
);

CREATE TABLE alert (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule            bigint      NOT NULL REFERENCES alert_rule (id) ON DELETE CASCADE,
    status          smallint    NOT NULL DEFAULT 0  -- 0 triggered, 1 acknowledged, 2 resolved
                    CHECK (status BETWEEN 0 AND 2),
    project         integer REFERENCES project (key),
    service         integer REFERENCES service (key),
    data            jsonb       NOT NULL DEFAULT '{}',  -- what was measured
    triggered_at    timestamptz NOT NULL,
    acknowledged_at timestamptz,
    resolved_at     timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX alert_by_rule ON alert (rule, id);
CREATE INDEX alert_by_status ON alert (status, id);

CREATE TABLE healing (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hub         integer     NOT NULL REFERENCES hub (key),
    service     integer REFERENCES service (key),
    cause       text        NOT NULL,  -- how it was found to have fallen
    tier        smallint    NOT NULL,
    attempt     integer     NOT NULL,
    outcome     text,                  -- null: under way
    error       text,
    detected_at timestamptz NOT NULL,
    started_at  timestamptz,
    ready_at    timestamptz
);
CREATE INDEX healing_by_service ON healing (service, id);

CREATE VIEW public.alert_rules AS
SELECT r.id,
       r.name,
       CASE r.severity WHEN 0 THEN 'info' WHEN 1 THEN 'warning' ELSE 'critical' END AS severity,
       r.condition,
       r.channels,
       r.enabled,
       r.created_at,
       r.updated_at,
       (SELECT h.hub_id FROM hub h WHERE h.key = r.hub) AS hub_id
FROM alert_rule r;

CREATE VIEW public.alerts AS
SELECT a.id,
       a.rule AS rule_id,
       r.name AS rule,
       CASE r.severity WHEN 0 THEN 'info' WHEN 1 THEN 'warning' ELSE 'critical' END AS severity,
       CASE a.status WHEN 0 THEN 'triggered' WHEN 1 THEN 'acknowledged' ELSE 'resolved' END
           AS status,
       (SELECT p.name FROM project p WHERE p.key = a.project) AS project_name,
       (SELECT s.name FROM service s WHERE s.key = a.service) AS service_name,
       a.data,
       a.triggered_at,
       a.acknowledged_at,
       a.resolved_at,
       a.created_at,
       (SELECT h.hub_id FROM hub h WHERE h.key = r.hub) AS hub_id
FROM alert a
JOIN alert_rule r ON r.id = a.rule;

CREATE VIEW public.healing_history AS
SELECT e.id,
       (SELECT p.name FROM service s JOIN project p ON p.key = s.project WHERE s.key = e.service)
           AS project_name,
       (SELECT s.name FROM service s WHERE s.key = e.service) AS service_name,
       e.cause,
       e.tier,
       e.attempt,
       e.outcome,
       e.error AS error_message,
       e.detected_at,
       e.started_at,
       e.ready_at,
       (SELECT h.hub_id FROM hub h WHERE h.key = e.hub) AS hub_id
FROM healing e;
