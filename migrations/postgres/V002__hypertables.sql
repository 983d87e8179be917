-- Where TimescaleDB is, the tables of checks become hypertables of it, compressed by service two days
-- later; else they stay partitions that the program makes (decision 0223). Rollups stay partitions either
-- way: their rows are written again and again. What does not work leaves things as they were.

-- One row: what they are, and why.
CREATE TABLE check_layout (
    timescale  text,              -- schema of its functions; null: partitions
    compressed boolean NOT NULL,
    why        text    NOT NULL
);

DO $$
DECLARE
    home  text;
    facts text;
    why   text := 'TimescaleDB is not installed';
BEGIN
    SELECT n.nspname INTO home
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'timescaledb';
    -- Without its library in the server, whose settings tell, making the extension ends the session.
    IF home IS NULL
        AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb')
        AND EXISTS (SELECT FROM pg_settings WHERE name = 'timescaledb.max_background_workers')
    THEN
        BEGIN
            CREATE EXTENSION timescaledb SCHEMA public;
            home := 'public';
        EXCEPTION WHEN OTHERS THEN
            why := 'CREATE EXTENSION timescaledb: ' || SQLERRM;
        END;
    END IF;
    IF home IS NULL THEN
        INSERT INTO check_layout VALUES (NULL, false, why);
        RETURN;
    END IF;

    BEGIN
        FOREACH facts IN ARRAY ARRAY['check_passed', 'check_failed'] LOOP
            EXECUTE format('CREATE TABLE flat (LIKE %I INCLUDING DEFAULTS)', facts);
            EXECUTE format('DROP TABLE %I', facts);
            EXECUTE format('ALTER TABLE flat RENAME TO %I', facts);
            EXECUTE format('CREATE INDEX %I ON %I (service, at)', facts || '_by_service', facts);
            EXECUTE format('SELECT %I.create_hypertable(%L::regclass, %L, chunk_time_interval =>'
                           ' interval %L, create_default_indexes => false)',
                           home, facts, 'at', '1 day');
        END LOOP;
    EXCEPTION WHEN OTHERS THEN
        INSERT INTO check_layout VALUES (NULL, false, 'create_hypertable: ' || SQLERRM);
        RETURN;
    END;

    -- Not in every edition of it.
    BEGIN
        FOREACH facts IN ARRAY ARRAY['check_passed', 'check_failed'] LOOP
            EXECUTE format('ALTER TABLE %I SET (timescaledb.compress, timescaledb.compress_segmentby ='
                           ' ''service'', timescaledb.compress_orderby = ''at, id'')', facts);
            EXECUTE format('SELECT %I.add_compression_policy(%L::regclass, interval %L)',
                           home, facts, '2 days');
        END LOOP;
        INSERT INTO check_layout VALUES (home, true, 'TimescaleDB is installed');
    EXCEPTION WHEN OTHERS THEN
        INSERT INTO check_layout VALUES (home, false, 'compression: ' || SQLERRM);
    END;
END $$;
