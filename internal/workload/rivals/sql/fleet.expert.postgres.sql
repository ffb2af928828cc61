:clock;
WITH reached AS (
  SELECT customer, s, e, max(e) OVER (PARTITION BY customer ORDER BY s
    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reach
  FROM outages
), clocks AS MATERIALIZED (
  SELECT calendar, array_agg(s ORDER BY s) AS starts, array_agg(e ORDER BY s) AS ends,
    array_agg(before ORDER BY s) AS befores, max(before + e - s) AS length
  FROM clock
  GROUP BY calendar
), gained AS (
  SELECT customer, f, t, starts, ends, befores, width_bucket(f, starts) AS i, width_bucket(t, starts) AS j
  FROM (SELECT customer, greatest(s, coalesce(reach, s), 1735689600000000) AS f, least(e, 1738368000000000) AS t FROM reached) r
  JOIN customers ON id = customer JOIN clocks USING (calendar)
  WHERE t > f
), out AS (
  SELECT customer, CAST(sum(t - f - (befores[j] + least(t, ends[j]) - starts[j])
    + (befores[i] + least(f, ends[i]) - starts[i])) AS BIGINT) AS down
  FROM gained
  GROUP BY customer
), served AS MATERIALIZED (
  SELECT fee, 2678400000000 - length AS due, coalesce(down, 0) AS down
  FROM customers c JOIN clocks USING (calendar) LEFT JOIN out ON out.customer = c.id
), :sums
