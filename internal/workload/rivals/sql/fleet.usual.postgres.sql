WITH january AS (
  SELECT tstzmultirange(tstzrange('2025-01-01 00:00+00', '2025-02-01 00:00+00')) AS w
), planned AS (
  SELECT calendar, range_agg(tstzrange(s, e)) AS w FROM plans GROUP BY calendar
), broken AS (
  SELECT customer, range_agg(tstzrange(s, e)) AS w FROM outages GROUP BY customer
), measured AS MATERIALIZED (
  SELECT fee,
    (SELECT sum(upper(r) - lower(r)) FROM unnest(january.w - coalesce(planned.w, '{}')) r) AS due,
    (SELECT sum(upper(r) - lower(r)) FROM unnest(broken.w * january.w - coalesce(planned.w, '{}')) r) AS down
  FROM customers c
  CROSS JOIN january
  LEFT JOIN planned ON planned.calendar = c.calendar
  LEFT JOIN broken ON broken.customer = c.id
), served AS (
  SELECT fee, CAST(extract(epoch FROM due) * 1000000 AS BIGINT) AS due,
    CAST(extract(epoch FROM coalesce(down, '0')) * 1000000 AS BIGINT) AS down
  FROM measured
), :sums
