WITH cut AS (
  SELECT customer, max(s, 1735689600000000) AS s, min(e, 1738368000000000) AS e
  FROM outages
  WHERE s < 1738368000000000 AND e > 1735689600000000
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
  SELECT calendar, max(s, 1735689600000000) AS s, min(e, 1738368000000000) AS e
  FROM plans
  WHERE s < 1738368000000000 AND e > 1735689600000000
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
  SELECT customer, sum(e - s) AS length FROM broken GROUP BY customer
), excused AS (
  SELECT customer, sum(min(b.e, p.e) - max(b.s, p.s)) AS length
  FROM broken b JOIN customers c ON c.id = b.customer
  JOIN planned p ON p.calendar = c.calendar AND p.s < b.e AND p.e > b.s
  GROUP BY customer
), work AS (
  SELECT calendar, sum(e - s) AS length FROM planned GROUP BY calendar
), served AS (
  SELECT fee, 2678400000000 - coalesce(work.length, 0) AS due, coalesce(out.length, 0) - coalesce(excused.length, 0) AS down
  FROM customers c
  LEFT JOIN out ON out.customer = c.id
  LEFT JOIN excused ON excused.customer = c.id
  LEFT JOIN work ON work.calendar = c.calendar
), :sums
