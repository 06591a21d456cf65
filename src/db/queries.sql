-- The bookkeeping of the face itself; each floor keeps its own queries.sql beside its users.

-- name: migration_list :row migration_row
SELECT number, name, hash, at FROM migration ORDER BY number;

-- name: migration_add
INSERT INTO migration (number, name, hash, at) VALUES (?1, ?2, ?3, ?4);
