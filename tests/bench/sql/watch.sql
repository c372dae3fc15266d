-- Every 10 ms: the age in ms of the oldest transaction of :'watched' that has written something, and how many
-- sessions of tenant creation wait for a lock that :'watched' holds. The lock under which a table grows does not
-- count: whoever inserts takes it, for the time of adding a page.
SELECT COALESCE((SELECT max(extract(epoch FROM clock_timestamp() - w.xact_start) * 1000)
                   FROM pg_stat_activity w
                  WHERE w.application_name = :'watched' AND w.backend_xid IS NOT NULL), 0)::int,
       (SELECT count(*)
          FROM pg_stat_activity c
         WHERE c.application_name = 'creation' AND c.wait_event_type = 'Lock' AND c.wait_event <> 'extend'
           AND EXISTS (SELECT
                         FROM pg_stat_activity w
                        WHERE w.application_name = :'watched' AND w.pid = ANY (pg_blocking_pids(c.pid))))
\watch 0.01
