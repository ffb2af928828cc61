WITH cut AS (
  SELECT customer, greatest(s, TIMESTAMP '2025-01-01') AS s, least(e, TIMESTAMP '2025-02-01') AS e
  FROM outages
  WHERE s < TIMESTAMP '2025-02-01' AND e > TIMESTAMP '2025-01-01'
), marked AS (
  SELECT customer, s, e, CASE WHEN s <= max(e) OVER (PARTITION BY customer ORDER BY s, e
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 0 ELSE 1 END AS first
  FROM cut
), numbered AS (
  SELECT customer, s, e, sum(first) OVER (PARTITION BY customer ORDER BY s, e ROWS UNBOUNDED PRECEDING) AS island
  FROM marked
), broken AS (
  SELECT customer, min(s) AS s, max(e) AS e FROM numbered GROUP BY customer, island
), plancut AS (
  SELECT calendar, greatest(s, TIMESTAMP '2025-01-01') AS s, least(e, TIMESTAMP '2025-02-01') AS e
  FROM plans
  WHERE s < TIMESTAMP '2025-02-01' AND e > TIMESTAMP '2025-01-01'
), planmarked AS (
  SELECT calendar, s, e, CASE WHEN s <= max(e) OVER (PARTITION BY calendar ORDER BY s, e
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) THEN 0 ELSE 1 END AS first
  FROM plancut
), plannumbered AS (
  SELECT calendar, s, e, sum(first) OVER (PARTITION BY calendar ORDER BY s, e ROWS UNBOUNDED PRECEDING) AS island
  FROM planmarked
), planned AS (
  SELECT calendar, min(s) AS s, max(e) AS e FROM plannumbered GROUP BY calendar, island
), out AS (
  SELECT customer, sum(date_diff('microsecond', s, e)) AS length FROM broken GROUP BY customer
), excused AS (
  SELECT customer, sum(date_diff('microsecond', greatest(b.s, p.s), least(b.e, p.e))) AS length
  FROM broken b JOIN customers c ON c.id = b.customer
  JOIN planned p ON p.calendar = c.calendar AND p.s < b.e AND p.e > b.s
  GROUP BY customer
), work AS (
  SELECT calendar, sum(date_diff('microsecond', s, e)) AS length FROM planned GROUP BY calendar
), served AS (
  SELECT fee, CAST(2678400000000 - coalesce(work.length, 0) AS BIGINT) AS due,
    CAST(coalesce(out.length, 0) - coalesce(excused.length, 0) AS BIGINT) AS down
  FROM customers c
  LEFT JOIN out ON out.customer = c.id
  LEFT JOIN excused ON excused.customer = c.id
  LEFT JOIN work ON work.calendar = c.calendar
), :sums
