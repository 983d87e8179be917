-- What a probe asks with, and what its newest check saw besides its status.

ALTER TABLE service ADD COLUMN method TEXT;  -- of HTTP
ALTER TABLE service ADD COLUMN version TEXT;  -- as people told it, like the container
ALTER TABLE service ADD COLUMN container_id TEXT;
ALTER TABLE service_state ADD COLUMN certificate_expires INTEGER;
ALTER TABLE service_state ADD COLUMN endpoints_healthy INTEGER NOT NULL DEFAULT 0;
ALTER TABLE service_state ADD COLUMN endpoints_total INTEGER NOT NULL DEFAULT 0;  -- 0: a probe of one

DROP VIEW services;
CREATE VIEW services AS
SELECT s.id,
       p.id AS project_id,
       p.name AS project_name,
       s.name,
       s.service_type,
       s.target AS health_url,
       CASE s.probe_kind WHEN 'http' THEN coalesce(s.method, 'GET') END AS health_method,
       s.interval_ms / 1000.0 AS health_interval,
       s.timeout_ms / 1000.0 AS health_timeout,
       s.retries AS health_retries,
       CASE t.status WHEN 1 THEN 'up' WHEN 2 THEN 'degraded' WHEN 3 THEN 'down' ELSE 'unknown' END
           AS health_status,
       strftime('%Y-%m-%dT%H:%M:%fZ', t.last_check / 1000.0, 'unixepoch') AS last_health_check,
       coalesce(t.failures, 0) AS consecutive_failures,
       -- Patching an empty object leaves out what is null.
       json_patch('{}', json_object(
           'httpStatus', nullif(t.http_status, 0),
           'error', t.error,
           'note', t.note,
           'certificateExpires',
           strftime('%Y-%m-%dT%H:%M:%fZ', t.certificate_expires / 1000.0, 'unixepoch'),
           'endpointsHealthy',
           CASE WHEN t.endpoints_total > 0 THEN t.endpoints_healthy END,
           'endpointsTotal', nullif(t.endpoints_total, 0))) AS health_details,
       s.version,
       s.port,
       s.container_id,
       s.critical,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.created_at / 1000.0, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.updated_at / 1000.0, 'unixepoch') AS updated_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.removed_at / 1000.0, 'unixepoch') AS removed_at,
       h.hub_id
FROM service s
LEFT JOIN project p ON p.key = s.project
LEFT JOIN service_state t ON t.service = s.key
LEFT JOIN hub h ON h.key = s.hub;
