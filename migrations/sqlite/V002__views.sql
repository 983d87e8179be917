-- Names and columns for people with a SQL prompt. The views over facts look names up in subqueries, not
-- in joins: what a query does not ask for, as in counting rows, is not looked up.

CREATE VIEW projects AS
SELECT p.id,
       p.name,
       p.url,
       p.description,
       p.critical,
       strftime('%Y-%m-%dT%H:%M:%fZ', p.created_at / 1000.0, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', p.updated_at / 1000.0, 'unixepoch') AS updated_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', p.removed_at / 1000.0, 'unixepoch') AS removed_at,
       h.hub_id
FROM project p
LEFT JOIN hub h ON h.key = p.hub;

CREATE VIEW services AS
SELECT s.id,
       p.id AS project_id,
       p.name AS project_name,
       s.name,
       s.service_type,
       s.target AS health_url,
       CASE s.probe_kind WHEN 'http' THEN 'GET' END AS health_method,
       s.interval_ms / 1000.0 AS health_interval,
       s.timeout_ms / 1000.0 AS health_timeout,
       s.retries AS health_retries,
       CASE t.status WHEN 1 THEN 'up' WHEN 2 THEN 'degraded' WHEN 3 THEN 'down' ELSE 'unknown' END
           AS health_status,
       strftime('%Y-%m-%dT%H:%M:%fZ', t.last_check / 1000.0, 'unixepoch') AS last_health_check,
       coalesce(t.failures, 0) AS consecutive_failures,
       -- Patching an empty object leaves out what is null.
       json_patch('{}', json_object('httpStatus', nullif(t.http_status, 0),
                                    'error', t.error,
                                    'note', t.note)) AS health_details,
       NULL AS version,
       s.port,
       NULL AS container_id,
       s.critical,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.created_at / 1000.0, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.updated_at / 1000.0, 'unixepoch') AS updated_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.removed_at / 1000.0, 'unixepoch') AS removed_at,
       h.hub_id
FROM service s
LEFT JOIN project p ON p.key = s.project
LEFT JOIN service_state t ON t.service = s.key
LEFT JOIN hub h ON h.key = s.hub;

CREATE VIEW health_checks AS
SELECT c.slot * 65536 + c.n AS id,
       (SELECT p.name FROM service s JOIN project p ON p.key = s.project WHERE s.key = c.service)
           AS project_name,
       (SELECT s.name FROM service s WHERE s.key = c.service) AS service_name,
       CASE c.status WHEN 1 THEN 'up' WHEN 2 THEN 'degraded' WHEN 3 THEN 'down' ELSE 'unknown' END
           AS status,
       strftime('%Y-%m-%dT%H:%M:%fZ',
                ((SELECT o.start_at FROM check_slot o WHERE o.id = c.slot) + c.at - c.took) / 1000.0,
                'unixepoch') AS last_check,
       (1000000 - c.downtime_ppm) / 10000.0 AS uptime_percentage,
       (c.response_us + 500) / 1000 AS response_time_ms,
       c.error AS error_message,
       strftime('%Y-%m-%dT%H:%M:%fZ',
                ((SELECT o.start_at FROM check_slot o WHERE o.id = c.slot) + c.at) / 1000.0,
                'unixepoch') AS recorded_at,
       (SELECT h.hub_id FROM service s JOIN hub h ON h.key = s.hub WHERE s.key = c.service)
           AS hub_id
FROM check_result c;

-- The same in a project's words.
CREATE VIEW project_status_history AS
SELECT c.slot * 65536 + c.n AS id,
       (SELECT p.name FROM service s JOIN project p ON p.key = s.project WHERE s.key = c.service)
           AS project_name,
       (SELECT s.name FROM service s WHERE s.key = c.service) AS service_name,
       CASE c.status
           WHEN 1 THEN 'healthy' WHEN 2 THEN 'degraded' WHEN 3 THEN 'down' ELSE 'unknown'
       END AS status,
       strftime('%Y-%m-%dT%H:%M:%fZ',
                ((SELECT o.start_at FROM check_slot o WHERE o.id = c.slot) + c.at - c.took) / 1000.0,
                'unixepoch') AS last_check,
       (1000000 - c.downtime_ppm) / 10000.0 AS uptime_percentage,
       (c.response_us + 500) / 1000 AS response_time_ms,
       c.error AS error_message,
       strftime('%Y-%m-%dT%H:%M:%fZ',
                ((SELECT o.start_at FROM check_slot o WHERE o.id = c.slot) + c.at) / 1000.0,
                'unixepoch') AS recorded_at,
       (SELECT h.hub_id FROM service s JOIN hub h ON h.key = s.hub WHERE s.key = c.service)
           AS hub_id
FROM check_result c;

CREATE VIEW project_metrics AS
SELECT m.id,
       (SELECT p.name FROM project p WHERE p.key = m.project) AS project_name,
       m.requests_per_second,
       m.error_rate,
       m.error_count,
       m.api_usage,
       m.memory_usage_percent,
       m.cpu_usage_percent,
       m.database_query_time_ms,
       strftime('%Y-%m-%dT%H:%M:%fZ', m.at / 1000.0, 'unixepoch') AS recorded_at,
       (SELECT h.hub_id FROM project p JOIN hub h ON h.key = p.hub WHERE p.key = m.project)
           AS hub_id
FROM project_metric m;

CREATE VIEW project_events AS
SELECT e.id,
       (SELECT p.name FROM project p WHERE p.key = e.project) AS project_name,
       (SELECT s.name FROM service s WHERE s.key = e.service) AS service_name,
       CASE e.type
           WHEN 0 THEN 'status_changed'
           WHEN 1 THEN 'service_registered'
           WHEN 2 THEN 'service_deregistered'
           WHEN 3 THEN 'hub_problem'
       END AS event_type,
       e.description,
       CASE e.severity WHEN 0 THEN 'info' WHEN 1 THEN 'warning' ELSE 'critical' END AS severity,
       e.metadata,
       strftime('%Y-%m-%dT%H:%M:%fZ', e.at / 1000.0, 'unixepoch') AS occurred_at,
       (SELECT h.hub_id FROM hub h WHERE h.key = e.hub) AS hub_id
FROM event e;

CREATE VIEW system_health AS
SELECT y.id,
       y.status AS orchestration_hub_status,
       y.database AS database_status,
       strftime('%Y-%m-%dT%H:%M:%fZ', y.at / 1000.0, 'unixepoch') AS last_check,
       y.error AS error_message,
       strftime('%Y-%m-%dT%H:%M:%fZ', y.at / 1000.0, 'unixepoch') AS recorded_at,
       (SELECT h.hub_id FROM hub h WHERE h.key = y.hub) AS hub_id
FROM hub_health y;
