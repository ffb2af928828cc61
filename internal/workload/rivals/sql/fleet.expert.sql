:clock;
WITH reached AS (
  SELECT customer, s, e, max(e) OVER (PARTITION BY customer ORDER BY s
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
  FROM outages
), gained AS (
  SELECT customer, calendar, greatest(s, coalesce(reach, s), 1735689600000000) AS f, least(e, 1738368000000000) AS t
  FROM reached JOIN customers ON id = customer
), out AS (
  SELECT customer, CAST(sum(t - f
    - (SELECT before + least(t, e) - s FROM clock k WHERE k.calendar = g.calendar AND k.s <= t ORDER BY k.s DESC LIMIT 1)
    + (SELECT before + least(f, e) - s FROM clock k WHERE k.calendar = g.calendar AND k.s <= f ORDER BY k.s DESC LIMIT 1)
  ) AS BIGINT) AS down
  FROM gained g
  WHERE t > f
  GROUP BY customer
), work AS (
  SELECT calendar, max(before + e - s) AS length FROM clock GROUP BY calendar
), served AS (
  SELECT fee, 2678400000000 - length AS due, coalesce(down, 0) AS down
  FROM customers c JOIN work ON work.calendar = c.calendar LEFT JOIN out ON out.customer = c.id
), :sums
