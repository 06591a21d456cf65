CREATE TABLE placeholder (id INT64);
