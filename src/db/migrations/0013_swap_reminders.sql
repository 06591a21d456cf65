-- When those who are asked to take a shift are told again that it is still open.

ALTER TABLE swap ADD COLUMN remind_at INT64;
ALTER TABLE swap ADD COLUMN reminded_at INT64;
