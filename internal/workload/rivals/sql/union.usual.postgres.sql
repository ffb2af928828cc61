WITH merged AS (
  SELECT unnest(range_agg(tstzrange(s, e))) AS w FROM windows
), lines AS (
  SELECT -1 AS line, NULL::interval AS length, count(*) AS value FROM merged
  UNION ALL
  SELECT 0, sum(upper(w) - lower(w)), NULL FROM merged
  UNION ALL
  SELECT month, sum(least(upper(w), m.e) - greatest(lower(w), m.s)) FILTER (WHERE w IS NOT NULL), 0
  FROM months m LEFT JOIN merged ON w && tstzrange(m.s, m.e)
  GROUP BY month
)
SELECT CAST(coalesce(extract(epoch FROM length) * 1000000, value) AS BIGINT) FROM lines ORDER BY line
