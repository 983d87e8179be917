-- Names and columns for people with a SQL prompt, in the schema that everybody looks into. Those over
-- facts look names up in subqueries, not in joins: what a query does not ask for, as in counting rows,
-- is not looked up, and conditions on recorded_at reach the partitions.

CREATE VIEW public.projects AS
SELECT p.id,
       p.name,
       p.url,
       p.description,
       p.critical,
       p.created_at,
       p.updated_at,
       p.removed_at,
       h.hub_id
FROM project p
JOIN hub h ON h.key = p.hub;

CREATE VIEW public.services AS
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
       greatest(t.last_check,
                (SELECT c.at - c.took * interval '1 ms' FROM check_passed c
                 WHERE c.service = s.key AND c.at >= t.last_check ORDER BY c.at DESC LIMIT 1),
                (SELECT c.at - c.took * interval '1 ms' FROM check_failed c
                 WHERE c.service = s.key AND c.at >= t.last_check ORDER BY c.at DESC LIMIT 1))
           AS last_health_check,
       coalesce(t.failures, 0) AS consecutive_failures,
       jsonb_strip_nulls(jsonb_build_object(
           'httpStatus', nullif(t.http_status, 0),
           'error', t.error,
           'note', t.note,
           'certificateExpires',
           to_char(t.certificate_expires AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
           'endpointsHealthy',
           CASE WHEN t.endpoints_total > 0 THEN t.endpoints_healthy END,
           'endpointsTotal', nullif(t.endpoints_total, 0))) AS health_details,
       s.version,
       s.port,
       s.container_id,
       s.critical,
       s.created_at,
       s.updated_at,
       s.removed_at,
       h.hub_id
FROM service s
JOIN hub h ON h.key = s.hub
LEFT JOIN project p ON p.key = s.project
LEFT JOIN service_state t ON t.service = s.key;

CREATE VIEW check_result AS
SELECT id, at, service, took, response_us, state, NULL::text AS error FROM check_passed
UNION ALL
SELECT id, at, service, took, response_us, state, error FROM check_failed;

CREATE VIEW public.health_checks AS
SELECT c.id,
       (SELECT p.name FROM service s JOIN project p ON p.key = s.project WHERE s.key = c.service)
           AS project_name,
       (SELECT s.name FROM service s WHERE s.key = c.service) AS service_name,
       CASE c.state & 3 WHEN 1 THEN 'up' WHEN 2 THEN 'degraded' WHEN 3 THEN 'down' ELSE 'unknown' END
           AS status,
       c.at - c.took * interval '1 ms' AS last_check,
       round((1000000 - (c.state >> 2)) / 10000.0, 4) AS uptime_percentage,
       (c.response_us + 500) / 1000 AS response_time_ms,
       c.error AS error_message,
       c.at AS recorded_at,
       (SELECT h.hub_id FROM service s JOIN hub h ON h.key = s.hub WHERE s.key = c.service)
           AS hub_id
FROM check_result c;

-- The same in a project's words.
CREATE VIEW public.project_status_history AS
SELECT c.id,
       (SELECT p.name FROM service s JOIN project p ON p.key = s.project WHERE s.key = c.service)
           AS project_name,
       (SELECT s.name FROM service s WHERE s.key = c.service) AS service_name,
       CASE c.state & 3
           WHEN 1 THEN 'healthy' WHEN 2 THEN 'degraded' WHEN 3 THEN 'down' ELSE 'unknown'
       END AS status,
       c.at - c.took * interval '1 ms' AS last_check,
       round((1000000 - (c.state >> 2)) / 10000.0, 4) AS uptime_percentage,
       (c.response_us + 500) / 1000 AS response_time_ms,
       c.error AS error_message,
       c.at AS recorded_at,
       (SELECT h.hub_id FROM service s JOIN hub h ON h.key = s.hub WHERE s.key = c.service)
           AS hub_id
FROM check_result c;

CREATE VIEW public.project_metrics AS
SELECT m.id,
       (SELECT p.name FROM project p WHERE p.key = m.project) AS project_name,
       m.requests_per_second,
       m.error_rate,
       m.error_count,
       m.api_usage,
       m.memory_usage_percent,
       m.cpu_usage_percent,
       m.database_query_time_ms,
       m.at AS recorded_at,
       (SELECT h.hub_id FROM project p JOIN hub h ON h.key = p.hub WHERE p.key = m.project)
           AS hub_id
FROM project_metric m;

CREATE VIEW public.project_events AS
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
       e.metadata::jsonb AS metadata,
       e.at AS occurred_at,
       (SELECT h.hub_id FROM hub h WHERE h.key = e.hub) AS hub_id
FROM event e;

CREATE VIEW public.system_health AS
SELECT y.id,
       y.status AS orchestration_hub_status,
       y.database AS database_status,
       y.at AS last_check,
       y.error AS error_message,
       y.at AS recorded_at,
       (SELECT h.hub_id FROM hub h WHERE h.key = y.hub) AS hub_id
FROM hub_health y;

-- Records that could not be stored, for people.
CREATE VIEW public.dead_records AS
SELECT d.id,
       d.journal_id,
       d.epoch,
       d.seq,
       d.reason,
       d.record,
       (SELECT h.hub_id FROM hub h WHERE h.key = d.hub) AS hub_id
FROM dead_record d;
