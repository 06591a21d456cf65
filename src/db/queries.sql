-- The bookkeeping of the face itself; each floor keeps its own queries.sql beside its users.

-- name: db_ping
SELECT 1 AS one;
