-- Nobody is paged for it until then: a maintenance window covers it.
ALTER TABLE incident ADD COLUMN muted_until INT64;
